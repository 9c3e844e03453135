r"""Terms that compare a particle cloud with its reconstruction, one number for each jet, higher = more anomalous.

All of them live in momentum space, $(p_x, p_y, p_z)$ in units of the jet's pT in the frame where the jet points along x,
whatever the coordinates of the cloud: the distances of models with other coordinates can be compared. Padding stands at
the origin there. A decoder says that a particle is absent by giving it no momentum; its mask means nothing. So every
term treats a particle without momentum as if it were not there, and no term changes with the amount of padding.
"""

import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["chamfer", "jet_mass", "jet_pt", "minkowski", "momenta", "mse", "pair_mass", "sliced"]

_RELATIVE, _FOUR_VECTORS = 4, 5

# Jets of one or two soft particles have hardly any mass: relative errors of masses below 1 % of the pT mean nothing.
_LIGHTEST = 0.01

_DIRECTIONS = 16


def momenta(x: KerasTensor) -> KerasTensor:
    r"""The momenta $p_T (\cos\phi, \sin\phi, \sinh\eta)$ of the particles in units of the jet's pT.

    Args:
        x: clouds of shape `(n, particles, 4)`, the columns `eta_rel, phi_rel, pt_rel, mask`, or `(n, particles, 5)`, the
            columns `energy, px, py, pz, mask`.

    Returns:
        Momenta of shape `(n, particles, 3)`, zero where there is no particle.

    Raises:
        InputError: if the clouds have another number of columns.
    """
    columns = x.shape[-1]
    if columns == _FOUR_VECTORS:
        return ops.convert_to_tensor(x)[..., 1:4]
    if columns != _RELATIVE:
        raise InputError(
            "Clouds cannot be compared. Expected: shape (n, particles, 4) for eta_rel, phi_rel, pt_rel, mask or "
            f"(n, particles, 5) for energy, px, py, pz, mask. Received: {columns} columns."
        )
    eta, phi, pt = x[..., 0], x[..., 1], x[..., 2]
    return pt[..., None] * ops.stack([ops.cos(phi), ops.sin(phi), ops.sinh(eta)], axis=-1)


def chamfer(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Chamfer distance, $\sum_i \min_j |p_i - \hat p_j| + \sum_j \min_i |p_i - \hat p_j|$ with norms that are not squared.

    The first sum runs over the particles that are there. In the second the origin counts as one of the $p_i$, so that a
    reconstructed particle may fade away instead of joining another. Source: Hao et al. (LGAE, arXiv:2212.07347), who
    have the origin there only if the jet is padded.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet, shape `(n,)`.
    """
    p, p_hat = momenta(x), momenta(x_hat)
    squares = ops.sum(ops.square(p[:, :, None] - p_hat[:, None]), axis=-1)
    lost = _root(ops.min(squares, axis=2)) * x[..., -1]
    invented = _root(ops.minimum(ops.min(squares, axis=1), ops.sum(ops.square(p_hat), axis=-1)))
    return ops.sum(lost, axis=1) + ops.sum(invented, axis=1)


def mse(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Squared error particle by particle in the given order, $\sum_i |p_i - \hat p_i|^2$.

    It is not permutation invariant, and therefore also sees whether the decoder knows the order of the momenta.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet, shape `(n,)`.
    """
    return ops.sum(ops.square(momenta(x) - momenta(x_hat)), axis=(1, 2))


def sliced(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Sliced Wasserstein-1 distance of the momenta, $\sum_i |u \cdot p_{(i)} - u \cdot \hat p_{(i)}|$ averaged over directions $u$.

    Along each of 16 fixed directions the projections of both clouds are sorted and compared in that order. Every
    particle counts as one point; pT enters as the distance from the origin, where what is missing comes from and goes
    to. Source: Bonneel, Rabin, Peyre and Pfister, J. Math. Imaging Vis. 51 (2015) 22.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet, shape `(n,)`; for two clouds a shift d apart about half of `n_particles * |d|`.
    """
    along, along_hat = (_sorted_projections(momenta(cloud)) for cloud in (x, x_hat))
    return ops.sum(ops.abs(along - along_hat), axis=(1, 2)) / _DIRECTIONS


def jet_mass(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Relative error of the jet's mass, $|\hat m - m| / m$ of massless particles; $m$ is at least 1 % of the pT below the line.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet, shape `(n,)`.
    """
    mass, mass_hat = _mass(momenta(x)), _mass(momenta(x_hat))
    return ops.abs(mass_hat - mass) / ops.maximum(mass, _LIGHTEST)


def jet_pt(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Relative error of the jet's transverse momentum, $|\hat p_T - p_T| / p_T$.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet, shape `(n,)`.
    """
    pt, pt_hat = _pt(momenta(x)), _pt(momenta(x_hat))
    return ops.abs(pt_hat - pt) / ops.maximum(pt, _LIGHTEST)


def minkowski(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Minkowski squares of the errors of massless particles in the given order, $\sum_i 2 (|p_i| |\hat p_i| - p_i \cdot \hat p_i)$.

    The sign is that of a spacelike error, so that it is the squared invariant mass of a particle with its reconstruction,
    about $p_i \hat p_i \theta^2$: it sees the error across the particle, and none along it, which is about ten times as
    large in `mse`. In a loss it needs `mse` beside it, because it is zero without momenta too.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet in squared units of its pt, shape `(n,)`.
    """
    return ops.sum(_pair_squares(momenta(x), momenta(x_hat)), axis=1)


def pair_mass(x: KerasTensor, x_hat: KerasTensor) -> KerasTensor:
    r"""Invariant masses of the particles with their reconstructions, in the given order, the roots of what `minkowski` adds up.

    The sum of norms that are not squared, as in `chamfer`, so that no single particle decides.

    Args:
        x: clouds of shape `(n, particles, 4 or 5)`, see `momenta`.
        x_hat: their reconstructions, of the same shape.

    Returns:
        One number >= 0 for each jet in units of its pt, shape `(n,)`.
    """
    return ops.sum(_root(_pair_squares(momenta(x), momenta(x_hat))), axis=1)


def _pair_squares(p: KerasTensor, p_hat: KerasTensor) -> KerasTensor:
    r"""$2 (|p| |q| - p \cdot q) = |p| |q| |u - v|^2$ with unit vectors, which does not cancel at small angles."""
    (energy, direction), (energy_hat, direction_hat) = _polar(p), _polar(p_hat)
    return energy * energy_hat * ops.sum(ops.square(direction - direction_hat), axis=-1)


def _mass(p: KerasTensor) -> KerasTensor:
    r"""$m^2 = (E + P) (E - P)$, and $E - P = \sum_i |p_i| |u_i - n|^2 / 2$ with the jet along $n$ does not cancel."""
    energy, direction = _polar(p)
    total, axis = _polar(ops.sum(p, axis=1))
    excess = ops.sum(energy * ops.sum(ops.square(direction - axis[:, None]), axis=-1), axis=1) / 2
    return _root((ops.sum(energy, axis=1) + total) * excess)


def _polar(p: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
    """Lengths and unit vectors; zero and no direction for no momentum."""
    length = _root(ops.sum(ops.square(p), axis=-1))
    return length, p / ops.where(length > 0, length, 1.0)[..., None]


def _pt(p: KerasTensor) -> KerasTensor:
    return _root(ops.sum(ops.square(ops.sum(p[..., :2], axis=1)), axis=-1))


def _root(squares: KerasTensor) -> KerasTensor:
    """The square root with a gradient of zero, not infinity, at zero and below."""
    positive = squares > 0
    return ops.where(positive, ops.sqrt(ops.where(positive, squares, 1.0)), 0.0)


def _sorted_projections(p: KerasTensor) -> KerasTensor:
    directions = ops.cast(_half_sphere(_DIRECTIONS).T, p.dtype)
    return ops.sort(ops.matmul(p, directions), axis=1)


def _half_sphere(n: int) -> Float[np.ndarray, "n 3"]:
    """Directions spread evenly over half a sphere, on a Fibonacci spiral; the other half would say the same again."""
    z = (np.arange(n) + 0.5) / n
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(n)
    return np.stack([np.sqrt(1 - z**2) * np.cos(turn), np.sqrt(1 - z**2) * np.sin(turn), z], axis=1)
