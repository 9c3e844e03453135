"""Pseudo-anomalies beside the background jets that they are made of."""

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from offshell.inputs import images, substructure
from offshell.plots.histograms import distribution
from offshell.plots.images import image_grid
from offshell.pseudo_anomalies.production import PseudoAnomalies

__all__ = ["displays", "mass_spectra"]

_N_SINGLE = 5

Jets = Float[np.ndarray, "n particles 4"]


def displays(background: Jets, made: PseudoAnomalies) -> Figure:
    """Draws the average image of the background and of each family, and beside it its first five jets.

    Args:
        background: `E, px, py, pz` in GeV, zero-padded; at least five jets.
        made: Pseudo-anomalies, at least five of each family.
    """
    drawn = {name: images.aligned(jets) for name, jets in _by_family(background, made).items()}
    rows = {name: np.concatenate([x.mean(axis=0, keepdims=True), x[:_N_SINGLE]]) for name, x in drawn.items()}
    return image_grid(rows, columns=["average", *(f"jet {i}" for i in range(1, _N_SINGLE + 1))])


def mass_spectra(background: Jets, made: PseudoAnomalies) -> Figure:
    """Draws how jet masses are distributed in the background and in each family.

    Args:
        background: `E, px, py, pz` in GeV, zero-padded.
        made: Pseudo-anomalies.
    """
    masses = {name: substructure.mass(jets) for name, jets in _by_family(background, made).items()}
    return distribution(masses, name="Jet mass [GeV]")


def _by_family(background: Jets, made: PseudoAnomalies) -> dict[str, Jets]:
    families = dict.fromkeys(map(str, made.family))  # in their order
    return {"background": background} | {name: made.constituents[made.family == name] for name in families}
