"""Particles of a jet as its observables see them: seen from the jet, those that are there first."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from offshell.errors import InputError
from offshell.inputs.constituents import PerParticle, checked, energies

__all__ = ["Particles", "particles_of"]

_LEAST_MASS = 1e-12  # GeV; what flies along the beam gets a large rapidity in place of an infinite one


@dataclass(frozen=True)
class Particles:
    """The particles of each jet, boosted along the beam and turned around it so that the jet has no rapidity and no azimuth.

    What is not there comes last and is zero.
    """

    momentum: Float[np.ndarray, "n particles 4"]
    """E, px, py, pz in GeV."""
    pt: PerParticle
    """In GeV."""
    y: PerParticle
    """Rapidity."""
    phi: PerParticle
    """Azimuth in radians, from -pi to pi."""
    count: Int[np.ndarray, " n"]
    """How many there are."""


def particles_of(jets: Float[np.ndarray, "n particles 4"]) -> Particles:
    """Look at jets from where their own momentum points.

    Args:
        jets: `E, px, py, pz` in GeV; a particle without energy is padding.

    Raises:
        InputError: If `jets` has another shape, holds NaN, infinite or negative energies, or looks like MeV.
    """
    present = energies(checked(jets)) > 0
    count = present.sum(axis=1)
    most = max(int(count.max()), 1)
    # Stable, so that what is already in front stays as it is.
    order = np.argsort(~present, axis=1, kind="stable")[:, :most]
    momentum = np.take_along_axis(jets, order[..., np.newaxis], axis=1).astype(np.float64)
    momentum *= np.take_along_axis(present, order, axis=1)[..., np.newaxis]
    return Particles(*_from_the_jet(momentum), count=count)


def _from_the_jet(
    momentum: Float[np.ndarray, "n particles 4"],
) -> tuple[Float[np.ndarray, "n particles 4"], PerParticle, PerParticle, PerParticle]:
    energy, px, py, pz = np.moveaxis(momentum, -1, 0)
    jet = momentum.sum(axis=1, keepdims=True)
    if not np.isfinite(jet).all():
        raise InputError("jets: not a number. Expected: finite px, py, pz in GeV. Received: NaN or inf.")
    pt = np.hypot(px, py)
    transverse_mass = np.sqrt(np.maximum(energy**2 - pz**2, pt**2))
    y = _rapidity(energy, pz, transverse_mass) - _rapidity(*_longitudinal(jet))
    # Cross and dot product give the angle between two vectors without a seam at pi.
    phi = np.arctan2(py * jet[..., 1] - px * jet[..., 2], px * jet[..., 1] + py * jet[..., 2])
    y, phi = np.where(energy > 0, (y, phi), 0.0)
    seen = (transverse_mass * np.cosh(y), pt * np.cos(phi), pt * np.sin(phi), transverse_mass * np.sinh(y))
    return np.stack(seen, axis=-1), pt, y, phi


def _longitudinal(jet: Float[np.ndarray, "n 1 4"]) -> tuple[PerParticle, PerParticle, PerParticle]:
    energy, px, py, pz = np.moveaxis(jet, -1, 0)
    return energy, pz, np.sqrt(np.maximum(energy**2 - pz**2, px**2 + py**2))


def _rapidity(energy: PerParticle, pz: PerParticle, transverse_mass: PerParticle) -> PerParticle:
    # Not (E + pz) / (E - pz), whose denominator is rounding for what flies along the beam.
    y: PerParticle = np.sign(pz) * np.log(
        np.maximum(energy + np.abs(pz), _LEAST_MASS) / np.maximum(transverse_mass, _LEAST_MASS)
    )
    return y
