"""Baselines for trigger events that see 24 observables, what an analyst would compute first, and not the objects."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from sklearn.preprocessing import StandardScaler

from offshell.evaluate.scores import score
from offshell.inputs.observables import TRIGGER, of_events
from offshell.models.baselines.gaussian_mixture import GaussianMixture
from offshell.models.baselines.neighbors import Neighbors

__all__ = ["NAMES", "fit_observable_baselines"]

Events = Float[np.ndarray, "n 19 4"]
Scores = Float[np.ndarray, " n"]

NAMES = ("neighbors_24", "gaussian_mixture_24")
"""The scores of the baselines."""

_MOST_REFERENCES = 5000
_FARTHEST = 12.0  # standard deviations: a single number that is far off shall not drown the others
_CACHED = 512  # events, whose distances fit into the cache of a CPU


def fit_observable_baselines(events: Events) -> Callable[[Events], dict[str, Scores]]:
    """Learn the distance to the nearest neighbors and a Gaussian mixture from the observables of background events.

    Args:
        events: background events `(n, 19, 4)`, `pt, eta, phi, class` in GeV and radians.

    Returns:
        A function from events to the scores `neighbors_24` and `gaussian_mixture_24`, each `(n,)`, higher = more
        anomalous. Observables are standardized and cut off at 12 standard deviations.
    """
    scaler = StandardScaler().fit(of_events(events))

    def scaled(events: Events) -> Float[np.ndarray, "n 24"]:
        standardized = scaler.transform(of_events(events))
        return np.asarray(np.clip(standardized, -_FARTHEST, _FARTHEST), np.float32)

    shape = (len(TRIGGER),)
    neighbors = Neighbors(shape=shape, references=min(len(events), _MOST_REFERENCES))
    mixture = GaussianMixture(shape=shape)
    for model in (neighbors, mixture):
        model.adapt(scaled(events))

    def scores(events: Events) -> dict[str, Scores]:
        x = scaled(events)
        distances = score(neighbors, x, batch_size=_CACHED)["distance"]
        return dict(zip(NAMES, (distances, score(mixture, x)["nll"]), strict=True))

    return scores
