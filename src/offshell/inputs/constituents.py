"""Constituents of jets: what is accepted as jets, and where each constituent lies seen from its jet."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError

__all__ = ["JET_RADIUS", "PerParticle", "checked", "energies", "normalize", "relative"]

JET_RADIUS = 0.8
"""Of the anti-kT jets of the public Top Tagging reference set (arXiv:1902.09914) and of JetNet (arXiv:2106.11535)."""

PerParticle = Float[np.ndarray, "n particles"]
"""One number for each constituent, padding included."""

_AXES = 3
_COMPONENTS = 4
_HIGHEST_ENERGY = 50_000.0  # GeV; a beam of the largest collider proposed. Hard particles in MeV exceed it.


def checked(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n particles 4"]:
    """Returns the jets as they are, if they have the shape of jets.

    What the numbers are is seen by `energies` and `relative`, while they are in the cache.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If the shape or the type is wrong, or there is no jet.
    """
    jets = np.asarray(jets)
    if jets.ndim != _AXES or jets.shape[-1] != _COMPONENTS or jets.size == 0 or jets.dtype.kind != "f":
        raise InputError(
            "jets: not an array of jets. Expected: floats of shape (n, particles, 4), at least one jet. "
            f"Received: {jets.dtype} of shape {jets.shape}."
        )
    return jets


def energies(jets: Float[np.ndarray, "n particles 4"]) -> PerParticle:
    """Returns the energies of the constituents in GeV, 0 for padding.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If an energy is NaN, infinite or negative, or the energies look like MeV.
    """
    energy = jets[..., 0].copy()
    lowest, highest = energy.min(), energy.max()
    if not np.isfinite(lowest + highest):
        raise InputError("jets: not a number. Expected: finite energies in GeV. Received: NaN or inf.")
    if lowest < 0:
        raise InputError(f"jets: negative energy. Expected: columns E, px, py, pz. Received: E={lowest:g}.")
    if highest > _HIGHEST_ENERGY:
        raise InputError(
            f"jets: wrong units. Expected: GeV, E below {_HIGHEST_ENERGY:g}. Received: E={highest:g}, perhaps MeV."
        )
    return energy


def relative(jets: Float[np.ndarray, "n particles 4"]) -> tuple[PerParticle, PerParticle, PerParticle]:
    r"""Returns pt, eta and phi of the constituents, eta and phi relative to the jet axis.

    The axis is the sum of the constituents; its pseudorapidity says where it lies, as in
    `jetnet.utils.cartesian_to_relEtaPhiPt` (Kansal et al., JOSS 8 (2023) 5789).

    .. math:: \Delta\eta = \mathrm{arsinh}(p_z / p_T) - \mathrm{arsinh}(p_z^{jet} / p_T^{jet})

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Returns:
        pt in GeV, eta, and phi in radians from -pi to pi. Padding has pt 0; its eta and phi mean nothing.

    Raises:
        InputError: If a momentum is NaN or infinite.
    """
    px, py, pz = momentum = np.moveaxis(jets[..., 1:], -1, 0).copy()
    with np.errstate(invalid="ignore"):
        jet_px, jet_py, jet_pz = jet = momentum.sum(axis=2, keepdims=True)
    if not np.isfinite(jet).all():
        raise InputError("jets: not a number. Expected: finite px, py, pz in GeV. Received: NaN or inf.")
    pt = _transverse(px, py)
    eta = _pseudorapidity(pt, pz) - _pseudorapidity(_transverse(jet_px, jet_py), jet_pz)
    # Cross and dot product give the angle between two vectors without a seam at pi.
    phi = np.arctan2(py * jet_px - px * jet_py, px * jet_px + py * jet_py)
    return pt, eta, phi


def _transverse(px: PerParticle, py: PerParticle) -> PerParticle:
    # Not hypot, which is slower; and pt below 1e-22 becomes 0, so that no pt is a denormal number.
    pt: PerParticle = np.sqrt(px * px + py * py)
    return pt


def _pseudorapidity(pt: PerParticle, pz: PerParticle) -> PerParticle:
    eta: PerParticle = np.arcsinh(pz / (pt + (pt == 0)))
    return eta


def normalize(pt: PerParticle) -> PerParticle:
    """Returns pt divided by its sum over each jet; a jet without pt stays zero.

    Args:
        pt: Transverse momenta; 0 for padding.
    """
    total = pt.sum(axis=1, keepdims=True)
    fraction: PerParticle = pt / (total + (total == 0))
    return fraction
