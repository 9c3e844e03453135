"""What something decays to, before it looks like a jet: massless partons in the plane of eta and phi.

Partons are `(n, prongs, 3)`: pt in GeV, eta and phi relative to the axis of the jet; pt is 0 where there is none.
"""

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["between", "centered", "invariant_mass", "rescaled", "within"]

Partons = Float[np.ndarray, "n prongs 3"]


def invariant_mass(partons: Float[np.ndarray, "n prongs components"]) -> Float[np.ndarray, " n"]:
    """Returns the mass in GeV of massless partons or particles together.

    Args:
        partons: pt in GeV, eta and phi in the first three columns.
    """
    energy, px, py, pz = _total(partons)
    mass: Float[np.ndarray, " n"] = np.sqrt(np.maximum(energy**2 - px**2 - py**2 - pz**2, 0))
    return mass


def centered(partons: Float[np.ndarray, "n prongs components"]) -> Float[np.ndarray, "n prongs components"]:
    """Returns massless partons or particles relative to the rapidity and the azimuth of their sum.

    Args:
        partons: pt in GeV, eta and phi in the first three columns; at least one with pt in each jet.
    """
    energy, px, py, pz = _total(partons)
    axis = np.zeros((len(partons), 1, partons.shape[2]))
    axis[:, 0, 1], axis[:, 0, 2] = np.arctanh(pz / energy), np.arctan2(py, px)
    return partons - axis


def _total(partons: Float[np.ndarray, "n prongs components"]) -> Float[np.ndarray, "4 n"]:
    pt, eta, phi = np.moveaxis(partons[..., :3], -1, 0)
    return np.stack([np.vecdot(pt, f) for f in (np.cosh(eta), np.cos(phi), np.sin(phi), np.sinh(eta))])


def rescaled(
    partons: Float[np.ndarray, "n prongs components"], pt: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n prongs components"]:
    """Returns the partons with transverse momenta in GeV that add up, as vectors, to that of a jet.

    Args:
        partons: pt in GeV, eta and phi in the first three columns; at least one with pt in each jet.
        pt: Of the jets in GeV.
    """
    _, px, py, _ = _total(partons)
    scaled = partons.copy()
    scaled[..., 0] *= (pt / np.hypot(px, py))[:, None]
    return scaled


def within(partons: Float[np.ndarray, "n prongs components"], radius: float) -> Bool[np.ndarray, "n prongs"]:
    """Whether each parton is one, and inside of the jet.

    Args:
        partons: pt in GeV, eta and phi in the first three columns.
        radius: Of the jet.
    """
    inside: Bool[np.ndarray, "n prongs"] = (partons[..., 0] > 0) & (
        np.hypot(partons[..., 1], partons[..., 2]) < radius
    )
    return inside


def between(partons: Partons) -> Float[np.ndarray, "n prongs"]:
    """Returns the distance of each parton to the nearest other one; infinite where there is none.

    Args:
        partons: pt in GeV, eta and phi.
    """
    apart = partons[:, :, None, 1:] - partons[:, None, :, 1:]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    present = partons[..., 0] > 0
    others = present[:, :, None] & present[:, None] & ~np.eye(partons.shape[1], dtype=bool)
    nearest: Float[np.ndarray, "n prongs"] = np.where(others, distance, np.inf).min(axis=2)
    return nearest
