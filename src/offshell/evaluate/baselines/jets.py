"""Baselines for jets: observables, principal components of images, an isolation forest on substructure."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from sklearn.ensemble import IsolationForest

from offshell.evaluate.scores import score
from offshell.inputs import images, observables, substructure
from offshell.models.baselines.pca import PCA

__all__ = ["NAMES", "fit_jet_baselines"]

Jets = Float[np.ndarray, "n particles 4"]
Images = Float[np.ndarray, "n height width 1"]
Scores = Float[np.ndarray, " n"]

NAMES = (
    *("jet_mass", "n_constituents", "pt", "squared_pixels", "minus_squared_pixels"),
    *("pca", "pca_sqrt", "isolation_forest"),
)
"""The scores of the baselines; `pca` sees linear pixels, `pca_sqrt` their square roots. `pt` is left out where all jets have
about the same."""

_COMPONENTS = 96
_FIXED = 0.25
_POWERS = {"pca": 1.0, "pca_sqrt": 0.5}


def fit_jet_baselines(jets: Jets, draw: Callable[[Jets], Images]) -> Callable[[Jets], dict[str, Scores]]:
    """Learn the baselines from background jets.

    Args:
        jets: background jets `(n, particles, 4)`: `E, px, py, pz` in GeV.
        draw: from jets to images with linear pixels.

    Returns:
        A function from jets to the scores of the baselines: mass [GeV], number of constituents, pT [GeV], the sum of
        squared pixels (large for few hard particles) and minus this sum, because either kind of jet may be the
        background, squared distance from the principal components of linear and of square-root pixels (Heimel et al.,
        arXiv:1808.08979, for images; Baldi and Hornik 1989 for the linear autoencoder), and an isolation forest on
        substructure observables (Liu, Ting and Zhou, ICDM 2008), each `(n,)`, higher = more anomalous. `pt` is left out
        if 90 % of the background lie within a quarter of the median pT: where it was fixed, it says nothing.
    """
    pixels = draw(jets)
    principal = {name: _fit_pca(images.remap(pixels, power=power)) for name, power in _POWERS.items()}
    forest = IsolationForest(random_state=0).fit(observables.of_jets(jets, observables.DOZEN))
    with_pt = _varies(substructure.pt(jets))

    def scores(jets: Jets) -> dict[str, Scores]:
        pixels = draw(jets)
        residuals = {
            name: score(principal[name], images.remap(pixels, power=power))["mse"]
            for name, power in _POWERS.items()
        }
        squares = np.square(pixels.astype(np.float64)).sum(axis=(1, 2, 3))
        return {
            "jet_mass": substructure.mass(jets),
            "n_constituents": substructure.n_constituents(jets).astype(float),
            **({"pt": substructure.pt(jets)} if with_pt else {}),
            "squared_pixels": squares,
            "minus_squared_pixels": -squares,
            **residuals,
            "isolation_forest": -forest.score_samples(observables.of_jets(jets, observables.DOZEN)),
        }

    return scores


def _varies(pt: Scores) -> bool:
    low, median, high = np.quantile(pt, [0.05, 0.5, 0.95])
    return bool(high - low > _FIXED * median)


def _fit_pca(pixels: Images) -> PCA:
    model = PCA(min(_COMPONENTS, len(pixels)), shape=pixels.shape[1:])
    model.adapt(pixels)
    return model
