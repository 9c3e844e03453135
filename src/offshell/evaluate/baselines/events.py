"""Baselines for trigger events: what a simple trigger cuts on, and what scikit-learn fits to the same 57 features."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from offshell.evaluate.scores import score
from offshell.inputs.objects import N_FEATURES
from offshell.models.baselines.gaussian_mixture import GaussianMixture
from offshell.models.baselines.isolation_forest import IsolationForest
from offshell.models.baselines.mahalanobis import Mahalanobis
from offshell.models.baselines.neighbors import Neighbors
from offshell.models.baselines.observables import Observables
from offshell.models.baselines.pca import PCA
from offshell.models.detector import Detector
from offshell.models.scaling.events import Standardize

__all__ = ["NAMES", "TRIGGERS", "fit_trigger_baselines"]

Features = Float[np.ndarray, "n features"]
Scores = Float[np.ndarray, " n"]

TRIGGERS = ("ht", "lepton_pt")
"""The simple triggers that a detector must add something to."""

NAMES = (*TRIGGERS, "met", "norm", "pca", "mahalanobis", "neighbors", "isolation_forest", "gaussian_mixture")
"""The scores of the baselines."""

_COMPONENTS = 16
_MOST_REFERENCES = 5000


def fit_trigger_baselines(x: Features) -> Callable[[Features], dict[str, Scores]]:
    """Learn the baselines from background events.

    Args:
        x: features of background events, `(n, 57)`.

    Returns:
        A function from features to the scores of the baselines, each `(n,)`, higher = more anomalous. All but the
        observables and the forest see standardized features.
    """
    fitted = _detectors(len(x))
    for model in fitted.values():
        model.adapt(x)

    def scores(x: Features) -> dict[str, Scores]:
        observed = score(fitted["observables"], x)
        others = {name: score(model, x) for name, model in fitted.items() if name != "observables"}
        found = {name: terms[fitted[name].default_loss] for name, terms in others.items()}
        return {name: (observed | found)[name] for name in NAMES}

    return scores


def _detectors(n_events: int) -> dict[str, Detector]:
    shape = (N_FEATURES,)
    return {
        "observables": Observables(scaling=Standardize()),
        "pca": PCA(_COMPONENTS, shape=shape, scaling=Standardize()),
        "mahalanobis": Mahalanobis(shape=shape, scaling=Standardize()),
        "neighbors": Neighbors(
            shape=shape, references=min(n_events, _MOST_REFERENCES), scaling=Standardize()
        ),
        "isolation_forest": IsolationForest(shape=shape, samples=min(n_events, 256)),
        "gaussian_mixture": GaussianMixture(shape=shape, scaling=Standardize()),
    }
