"""From px, py and pz to what detectors measure: transverse momentum, pseudorapidity and azimuth."""

import numpy as np
from jaxtyping import Float

__all__ = ["dijet_mass", "masses", "pt_eta_phi", "wrap_angle"]

_LEAST_PT = 1e-12  # GeV; what flies along the beam gets a large pseudorapidity in place of an infinite one


def pt_eta_phi(
    momentum: Float[np.ndarray, "*n components"],
) -> tuple[Float[np.ndarray, "*n"], Float[np.ndarray, "*n"], Float[np.ndarray, "*n"]]:
    """Transverse momentum in GeV, pseudorapidity and azimuth in radians.

    Args:
        momentum: ``px, py, pz`` or ``E, px, py, pz`` in GeV; zeros stay zero.
    """
    px, py, pz = momentum[..., -3], momentum[..., -2], momentum[..., -1]
    pt = np.hypot(px, py)
    return pt, np.arcsinh(pz / np.maximum(pt, _LEAST_PT)), np.arctan2(py, px)


def masses(momentum: Float[np.ndarray, "*n 4"]) -> Float[np.ndarray, "*n"]:
    """Invariant masses in GeV; 0 where rounding makes the square negative.

    Args:
        momentum: ``E, px, py, pz`` in GeV.
    """
    energy, px, py, pz = np.moveaxis(momentum, -1, 0)
    return np.asarray(np.sqrt(np.maximum(energy**2 - px**2 - py**2 - pz**2, 0)))


def wrap_angle(angle: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """The same angle in ``[-pi, pi)``."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def dijet_mass(jets: Float[np.ndarray, "n 2 4"]) -> Float[np.ndarray, " n"]:
    r"""Mass of both jets together in GeV, in double precision.

    .. math:: m_{jj}^2 = (E_1 + E_2)^2 - (\vec{p}_1 + \vec{p}_2)^2

    Args:
        jets: ``E, px, py, pz`` in GeV.
    """
    return masses(jets.sum(axis=1, dtype=np.float64))
