"""Bring jets into one position in the plane of eta and phi: center, rotate, flip."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.constituents import PerParticle, normalize

__all__ = ["center", "flip", "rotate"]

_ROUNDING = 1e-6  # radians; float32 does not know directions better


def center(pt: PerParticle, eta: PerParticle, phi: PerParticle) -> tuple[PerParticle, PerParticle]:
    """Returns eta and phi with the pt-weighted centroid at the origin.

    Args:
        pt: Transverse momenta; 0 for padding.
        eta: Pseudorapidities.
        phi: Azimuths in radians, without a seam through the jet, as `relative` gives them.
    """
    weight = normalize(pt)
    return eta - _weighted_sum(weight, eta), phi - _weighted_sum(weight, phi)


def rotate(pt: PerParticle, eta: PerParticle, phi: PerParticle) -> tuple[PerParticle, PerParticle]:
    r"""Returns eta and phi turned so that the principal axis of pt lies along phi.

    .. math:: \tan 2\theta = \frac{2 \langle\eta\phi\rangle}{\langle\phi^2\rangle - \langle\eta^2\rangle}

    The principal axis is that of Macaluso and Shih (arXiv:1803.00107). Where no axis is longer than another, the
    jet stays as it is. What lies on the axis up to rounding is put onto it: the origin is a border of pixels,
    and a jet in a line would be scattered over both sides.

    Args:
        pt: Transverse momenta; 0 for padding.
        eta: Pseudorapidities around 0.
        phi: Azimuths around 0 in radians.
    """
    pt_eta, pt_phi = pt * eta, pt * phi
    theta = 0.5 * np.arctan2(
        2 * _weighted_sum(pt_eta, phi), _weighted_sum(pt_phi, phi) - _weighted_sum(pt_eta, eta)
    )
    cosine, sine = np.cos(theta), np.sin(theta)
    across = cosine * eta - sine * phi
    across[np.abs(across) < _ROUNDING] = 0
    return across, cosine * phi + sine * eta


def flip(pt: PerParticle, eta: PerParticle, phi: PerParticle) -> tuple[PerParticle, PerParticle]:
    """Returns eta and phi mirrored so that the half with more pt has positive eta, and likewise phi.

    Halves as in "QCD or What?" (Heimel et al., arXiv:1808.08979). Macaluso and Shih (arXiv:1803.00107) want the
    most intense quadrant there instead, which is the same for four of five jets. Halves of equal pt stay as they
    are.

    Args:
        pt: Transverse momenta; 0 for padding.
        eta: Pseudorapidities around 0.
        phi: Azimuths around 0 in radians.
    """
    return _sign(pt, eta) * eta, _sign(pt, phi) * phi


def _sign(pt: PerParticle, x: PerParticle) -> Float[np.ndarray, "n 1"]:
    sign: Float[np.ndarray, "n 1"] = np.where(_weighted_sum(pt, np.sign(x)) < 0, -1, 1).astype(x.dtype)
    return sign


def _weighted_sum(weight: PerParticle, x: PerParticle) -> Float[np.ndarray, "n 1"]:
    total: Float[np.ndarray, " n"] = np.vecdot(weight, x)
    return total[:, np.newaxis]
