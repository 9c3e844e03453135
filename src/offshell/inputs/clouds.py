"""Jets as clouds: the leading particles as a set of fixed size with a mask, seen from the jet, and back.

Rows are particles by falling pt; the last column is the mask, 1 for a particle and 0 for padding, which is all zero.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import ArrayLike

from offshell.errors import InputError
from offshell.inputs import constituents

__all__ = ["COLUMNS", "N_PARTICLES", "Layout", "checked", "four_vectors", "momenta", "relative", "to_jets"]

N_PARTICLES = 30
"""Particles of a cloud where nothing else is said, as in JetNet (Kansal et al., arXiv:2106.11535)."""

Layout = Literal["relative", "relative-pt", "four-vectors"]
"""What the columns are: see `relative` (without and with `jet_pt`) and `four_vectors`."""

Cloud = Float[np.ndarray, "n particles columns"]
PerParticle = constituents.PerParticle

_AXES = 3
COLUMNS = {"relative": 4, "relative-pt": 5, "four-vectors": 5}
"""How many columns each layout has."""

_PT_REL = 2


def relative(
    jets: Float[np.ndarray, "n particles 4"], *, n_particles: int = N_PARTICLES, jet_pt: bool = False
) -> Cloud:
    r"""Returns the leading particles as `eta_rel, phi_rel, pt_rel, mask`, like JetNet's `particle_features`.

    .. math:: \eta_{rel} = \eta - \eta^{jet}, \quad \phi_{rel} = \phi - \phi^{jet}, \quad p_{T,rel} = p_T / p_T^{jet}

    The jet is the sum of all its particles, not only of those that are kept (Kansal et al., arXiv:2106.11535).

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.
        n_particles: How many particles to keep, those of highest pt; where there are fewer, padding follows.
        jet_pt: Whether a column with the pt of the jet in GeV, the same for each of its particles, stands before the
            mask.

    Returns:
        `(n, n_particles, 4)` float32, or 5 columns with `jet_pt`; `phi_rel` in radians from -pi to pi.

    Raises:
        InputError: If `jets` has another shape, holds NaN, infinite or negative energies, looks like MeV, or a jet has
            no pt; or if `n_particles` is not positive.

    Example:
        >>> jets = np.array([[[50.0, 0, 50, 0], [50, 50, 0, 0], [0, 0, 0, 0]]], np.float32)
        >>> relative(jets, n_particles=2).round(3)
        array([[[ 0.   ,  0.785,  0.707,  1.   ],
                [ 0.   , -0.785,  0.707,  1.   ]]], dtype=float32)
    """
    eta, phi, pt, pt_of_jet = _leading(jets, n_particles)
    columns = [eta, phi, pt / pt_of_jet]
    if jet_pt:
        columns.append(np.broadcast_to(pt_of_jet, pt.shape))
    return _masked(columns, pt > 0)


def four_vectors(jets: Float[np.ndarray, "n particles 4"], *, n_particles: int = N_PARTICLES) -> Cloud:
    r"""Returns the leading particles as massless `energy, px, py, pz, mask` in units of the jet's pt.

    The frame is the one where the axis of the jet, the sum of all its particles, has eta = phi = 0. It is a boost
    along the beam by the pseudorapidity of the jet, not its rapidity, as in JetNet, so that the sum has a little pz left.

    .. math:: p = p_{T,rel} (\cosh \eta_{rel}, \cos \phi_{rel}, \sin \phi_{rel}, \sinh \eta_{rel})

    These are the inputs of LGAE (Hao et al., arXiv:2212.07347).

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.
        n_particles: How many particles to keep, those of highest pt.

    Returns:
        `(n, n_particles, 5)` float32.

    Raises:
        InputError: As for `relative`.
    """
    eta, phi, pt, pt_of_jet = _leading(jets, n_particles)
    return _masked(_massless(pt / pt_of_jet, eta, phi), pt > 0)


def momenta(clouds: Cloud) -> Float[np.ndarray, "n particles 3"]:
    """Returns `px, py, pz` of the particles in units of the jet's pt, padding at the origin.

    The mask is not looked at: padding is zero anyway, and the decoder of an autoencoder says that a particle is absent by
    giving it no momentum.

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask` (4 columns), `energy, px, py, pz, mask` (5 columns), or `px, py, pz`,
            which come back as they are; also reconstructions.

    Returns:
        In the frame of `four_vectors`.

    Raises:
        InputError: If `clouds` has another shape, or holds NaN or infinite numbers.
    """
    clouds = np.asarray(clouds)
    if clouds.ndim != _AXES or clouds.shape[-1] not in (3, 4, 5) or clouds.size == 0:
        raise InputError(
            "clouds: not an array of clouds. Expected: shape (n, particles, 4), (n, particles, 5) or momenta "
            f"(n, particles, 3), at least one. Received: shape {clouds.shape}."
        )
    _refuse_infinite(clouds)
    if clouds.shape[-1] == COLUMNS["relative"]:
        eta, phi, pt, _ = np.moveaxis(clouds, -1, 0)
        return np.stack(_massless(pt, eta, phi)[1:], axis=-1)
    return clouds[..., 1:4] if clouds.shape[-1] == COLUMNS["four-vectors"] else clouds


def to_jets(
    clouds: Cloud, *, pt: ArrayLike | None = None, eta: ArrayLike = 0.0, phi: ArrayLike = 0.0
) -> Float[np.ndarray, "n particles 4"]:
    """Returns the jets of which these are the clouds; the inverse of `relative` for massless particles.

    The particles that a cloud leaves out are missing, so that the jet has a little less pt than the one it came from.
    At another `eta` than that of the jet, the axis is off by up to half of (m / pt)^2, because pseudorapidities of jets
    with a mass do not add to a boost.

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` in GeV before the mask.
        pt: Of the jets in GeV, one number or `(n,)`; by default that of the column `jet_pt`.
        eta: Pseudorapidity of the jets, one number or `(n,)`.
        phi: Azimuth of the jets in radians, one number or `(n,)`.

    Returns:
        `E, px, py, pz` in GeV of massless particles, float32, zero-padded, in the order of the cloud.

    Raises:
        InputError: If `clouds` has another shape, holds NaN, infinite or negative pt_rel, or something else than 0 and
            1 in the mask; if momenta are beyond float32; or if `pt`, `eta` or `phi` does not fit, or `pt` is missing.

    Example:
        >>> to_jets(np.array([[[0.0, 0, 1, 1], [0, 0, 0, 0]]]), pt=600.0)
        array([[[600., 600.,   0.,   0.],
                [  0.,   0.,   0.,   0.]]], dtype=float32)
    """
    clouds = np.asarray(clouds)
    layout: Layout = "relative-pt" if clouds.shape[-1] == COLUMNS["relative-pt"] else "relative"
    clouds = checked(clouds, layout=layout).astype(np.float64)
    eta_rel, phi_rel, pt_rel = np.moveaxis(clouds[..., :3], -1, 0)
    energy_scale = _jet_pt(clouds, layout) if pt is None else _per_jet(pt, len(clouds), "pt")
    directions = (eta_rel + _per_jet(eta, len(clouds), "eta"), phi_rel + _per_jet(phi, len(clouds), "phi"))
    with np.errstate(over="ignore", invalid="ignore"):
        particles = np.stack(_massless(energy_scale * pt_rel, *directions), axis=-1)
        jets = np.where(clouds[..., -1:] == 1, particles, 0).astype(np.float32)
    if not np.isfinite(jets).all():
        farthest = np.abs(directions[0]).max()
        raise InputError(f"clouds: infinite momenta. Expected: |eta| below 80. Received: |eta|={farthest:g}.")
    return jets


def checked(clouds: Cloud, *, layout: Layout) -> Cloud:
    """Returns the clouds as they are, if they are clouds of this layout.

    Args:
        clouds: `(n, particles, 4)`, or 5 columns for "relative-pt" and "four-vectors".
        layout: Which columns they have.

    Raises:
        InputError: If the shape or the type is wrong, there is no cloud, a number is NaN or infinite, a pt_rel is
            negative, or the mask holds something else than 0 and 1.
    """
    clouds = np.asarray(clouds)
    columns = COLUMNS[layout]
    if clouds.ndim != _AXES or clouds.shape[-1] != columns or clouds.size == 0 or clouds.dtype.kind != "f":
        raise InputError(
            f"clouds: not an array of clouds. Expected: floats of shape (n, particles, {columns}), at least one cloud. "
            f"Received: {clouds.dtype} of shape {clouds.shape}."
        )
    _refuse_infinite(clouds)
    if not (known := np.isin(mask := clouds[..., -1], (0, 1))).all():
        other = mask[~known][0]
        raise InputError(f"clouds: wrong mask. Expected: 0 or 1 in the last column. Received: {other:g}.")
    if layout != "four-vectors" and (lowest := clouds[..., _PT_REL].min()) < 0:
        raise InputError(f"clouds: negative pt_rel. Expected: at least 0. Received: pt_rel={lowest:g}.")
    return clouds


def _refuse_infinite(clouds: Cloud) -> None:
    if (n_bad := int((~np.isfinite(clouds)).any(axis=(1, 2)).sum())) > 0:
        raise InputError(
            f"clouds: not a number. Expected: finite numbers. Received: {n_bad} clouds with NaN or inf."
        )


def _leading(
    jets: Float[np.ndarray, "n particles 4"], n_particles: int
) -> tuple[PerParticle, PerParticle, PerParticle, Float[np.ndarray, "n 1"]]:
    """Relative eta and phi and the pt of the hardest particles, and the pt of the whole jets."""
    if n_particles < 1:
        raise InputError(f"Wrong n_particles. Expected: at least 1. Received: n_particles={n_particles}.")
    jets = constituents.checked(jets)
    constituents.energies(jets)
    pt, eta, phi = constituents.relative(jets)
    momentum = jets[..., 1:3].sum(axis=1)
    pt_of_jet = np.hypot(momentum[:, :1], momentum[:, 1:])
    if (n_without := int((pt_of_jet == 0).sum())) > 0:
        raise InputError(f"jets: no axis. Expected: pt above 0. Received: {n_without} jets without pt.")
    order = np.argsort(-pt, axis=1, kind="stable")[:, :n_particles]
    missing = ((0, 0), (0, n_particles - order.shape[1]))
    kept = (np.pad(np.take_along_axis(values, order, axis=1), missing) for values in (eta, phi, pt))
    return *kept, pt_of_jet


def _masked(columns: list[PerParticle], mask: Bool[np.ndarray, "n particles"]) -> Cloud:
    particles = np.stack([*columns, np.ones_like(columns[0])], axis=-1)
    return np.where(mask[..., np.newaxis], particles, 0).astype(np.float32)


def _massless(pt: PerParticle, eta: PerParticle, phi: PerParticle) -> list[PerParticle]:
    return [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]


def _jet_pt(clouds: Cloud, layout: Layout) -> Float[np.ndarray, "n particles"]:
    if layout == "relative":
        raise InputError(
            "The pt of the jets is missing. Expected: pt=..., or clouds with a column jet_pt. Received: 4 columns."
        )
    return clouds[..., 3]


def _per_jet(values: ArrayLike, n_jets: int, name: str) -> Float[np.ndarray, "n 1"]:
    values = np.asarray(values, np.float64)
    if values.shape not in ((), (n_jets,)) or not np.isfinite(values).all():
        raise InputError(
            f"Wrong {name} of jets. Expected: a finite number or ({n_jets},) of them. Received: shape {values.shape}."
        )
    return np.broadcast_to(values, (n_jets,))[:, np.newaxis]
