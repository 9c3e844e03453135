"""How far generated clouds are from real ones, batch by batch: what tells the best epoch of a game."""

from collections.abc import Sequence

from keras import KerasTensor, ops

from offshell.models.densities.gan.energy_distance import energy_distance
from offshell.models.event_shapes import N_COORDINATES

__all__ = ["distance", "relative_mass"]


def relative_mass(cloud: KerasTensor) -> KerasTensor:
    r"""Mass of the jet in units of its pt, $m^2 = (\sum E)^2 - |\sum \vec p|^2$ of massless particles, shape `(n,)`.

    Args:
        cloud: `eta_rel, phi_rel, pt_rel` first and the mask last, shape `(n, particles, columns)`.
    """
    eta, phi, pt = (cloud[..., column] * cloud[..., -1] for column in range(N_COORDINATES))
    energy, along, across, forward = (
        ops.sum(pt * part, axis=1) for part in (ops.cosh(eta), ops.cos(phi), ops.sin(phi), ops.sinh(eta))
    )
    squared = ops.square(energy) - ops.square(along) - ops.square(across) - ops.square(forward)
    return ops.sqrt(ops.maximum(squared, 0.0))


def distance(real: KerasTensor, fake: KerasTensor, masses: Sequence[KerasTensor]) -> KerasTensor:
    """Energy distance of the mass plus the mean energy distance of the coordinates of the particles in order.

    Args:
        real: standardized coordinates of real particles by falling pt, padding zero, shape `(n, particles, 3)`.
        fake: those of generated jets with the same numbers of particles.
        masses: of the real and of the generated jets, each `(n,)`; the width of the real ones is their unit.

    Returns:
        What each row contributes, shape `(n,)`; the mean is free of bias.
    """
    width = ops.std(masses[0]) + 1e-12
    by_mass = energy_distance(masses[0][:, None] / width, masses[1][:, None] / width)
    return by_mass + energy_distance(_flat(real), _flat(fake))


def _flat(coordinates: KerasTensor) -> KerasTensor:
    return ops.reshape(coordinates, (-1, coordinates.shape[1] * coordinates.shape[2]))
