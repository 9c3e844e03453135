"""Energy flow polynomials, a basis of all infrared and collinear safe observables."""

import numpy as np
from jaxtyping import Float, Int

from offshell.inputs.constituents import PerParticle, normalize
from offshell.inputs.observables.compiled import compiled
from offshell.inputs.observables.distances import distances
from offshell.inputs.observables.particles import Particles

__all__ = ["GRAPHS", "NAMES", "connected", "flow_polynomials"]

Graph = tuple[tuple[int, int], ...]

Shares = Float[np.ndarray, " n"]
Distances = Float[np.ndarray, "n n"]

GRAPHS: dict[str, Graph] = {
    "efp_1": ((0, 1),),
    "efp_2": ((0, 1),) * 2,
    "efp_1_1": ((0, 1), (1, 2)),
    "efp_3": ((0, 1),) * 3,
    "efp_2_1": ((0, 1), (0, 1), (1, 2)),
    "efp_triangle": ((0, 1), (1, 2), (2, 0)),
    "efp_1_1_1": ((0, 1), (1, 2), (2, 3)),
    "efp_star_3": ((0, 1), (0, 2), (0, 3)),
    "efp_4": ((0, 1),) * 4,
    "efp_3_1": ((0, 1), (0, 1), (0, 1), (1, 2)),
    "efp_2_2": ((0, 1), (0, 1), (1, 2), (1, 2)),
    "efp_thick_triangle": ((0, 1), (0, 1), (1, 2), (2, 0)),
    "efp_2_1_1": ((0, 1), (0, 1), (1, 2), (2, 3)),
    "efp_1_2_1": ((0, 1), (1, 2), (1, 2), (2, 3)),
    "efp_thick_star": ((0, 1), (0, 1), (0, 2), (0, 3)),
    "efp_paw": ((0, 1), (1, 2), (2, 0), (0, 3)),
    "efp_square": ((0, 1), (1, 2), (2, 3), (3, 0)),
    "efp_1_1_1_1": ((0, 1), (1, 2), (2, 3), (3, 4)),
    "efp_fork": ((0, 1), (0, 2), (0, 3), (3, 4)),
    "efp_star_4": ((0, 1), (0, 2), (0, 3), (0, 4)),
}
"""All connected graphs of one to four edges, which may be double; numbers in a name are the edges along a chain."""

NAMES = tuple(GRAPHS)
"""The columns of `flow_polynomials`."""


def flow_polynomials(particles: Particles) -> Float[np.ndarray, "n 20"]:
    r"""The prime energy flow polynomials of degree one to four (Komiske, Metodiev and Thaler, arXiv:1712.07124).

    .. math:: \mathrm{EFP}_G = \sum_{i_1} \cdots \sum_{i_N} z_{i_1} \cdots z_{i_N} \prod_{(k,l) \in G} \theta_{i_k i_l}

    with shares of pT z and distances $\theta$ in rapidity and azimuth, their measure `hadr` with $\beta = 1$. Graphs in more than
    one piece are products of these. A sum over a chain is a product of matrices, so that none takes more than n^3 steps.
    """
    return connected(normalize(particles.pt), particles.y, particles.phi, particles.count)


def connected(
    share: PerParticle, y: PerParticle, phi: PerParticle, count: Int[np.ndarray, " n"]
) -> Float[np.ndarray, "n 20"]:
    """Returns the polynomials of `GRAPHS` for any weights of particles, such as shares of pT, and their directions.

    Args:
        share: the weight of each particle.
        y: rapidity, or what stands for it.
        phi: azimuth in radians.
        count: how many of the particles there are; they come first.
    """
    sums = np.zeros((len(count), len(NAMES)))
    _add_sums(share, y, phi, count, sums)
    return sums


@compiled
def _add_sums(
    share: Float[np.ndarray, "n particles"],
    y: Float[np.ndarray, "n particles"],
    phi: Float[np.ndarray, "n particles"],
    count: Int[np.ndarray, " n"],
    sums: Float[np.ndarray, "n 20"],
) -> None:
    for jet in range(len(count)):
        n = count[jet]
        z, theta = share[jet, :n], distances(y[jet, :n], phi[jet, :n])
        hanging = _hanging(z, theta)
        _add_chains_and_stars(z, hanging, sums[jet])
        _add_rings(z, theta, hanging[0], sums[jet])


@compiled
def _hanging(z: Shares, theta: Distances) -> Float[np.ndarray, "6 particles"]:
    """What hangs on each particle by one, two, three or four edges to another, and by one or two to another that one hangs on."""
    sums = np.zeros((6, len(z)))
    for i in range(len(z)):
        for j in range(len(z)):
            square = theta[i, j] * theta[i, j]
            sums[0, i] += z[j] * theta[i, j]
            sums[1, i] += z[j] * square
            sums[2, i] += z[j] * square * theta[i, j]
            sums[3, i] += z[j] * square * square
    for i in range(len(z)):
        for j in range(len(z)):
            sums[4, i] += z[j] * theta[i, j] * sums[0, j]
            sums[5, i] += z[j] * theta[i, j] * theta[i, j] * sums[0, j]
    return sums


@compiled
def _add_chains_and_stars(
    z: Shares, hanging: Float[np.ndarray, "6 particles"], sums: Float[np.ndarray, " 20"]
) -> None:
    """What has no ring, at its place in `GRAPHS`."""
    for i in range(len(z)):
        one, two, three = hanging[0, i], hanging[1, i], hanging[2, i]
        chain, thick_chain = hanging[4, i], hanging[5, i]
        sums[0] += z[i] * one
        sums[1] += z[i] * two
        sums[2] += z[i] * one * one
        sums[3] += z[i] * three
        sums[4] += z[i] * two * one
        sums[6] += z[i] * one * chain
        sums[7] += z[i] * one * one * one
        sums[8] += z[i] * hanging[3, i]
        sums[9] += z[i] * three * one
        sums[10] += z[i] * two * two
        sums[12] += z[i] * two * chain
        sums[13] += z[i] * one * thick_chain
        sums[14] += z[i] * two * one * one
        sums[17] += z[i] * chain * chain
        sums[18] += z[i] * one * one * chain
        sums[19] += z[i] * one * one * one * one


@compiled
def _add_rings(z: Shares, theta: Distances, one: Shares, sums: Float[np.ndarray, " 20"]) -> None:
    """Triangle, thick triangle, paw and square."""
    n = len(z)
    for i in range(n):
        for j in range(n):
            between = 0.0  # over all particles that i and j are both tied to
            for k in range(n):
                between += theta[i, k] * theta[j, k] * z[k]
            weight = z[i] * z[j]
            sums[5] += weight * theta[i, j] * between
            sums[11] += weight * theta[i, j] * theta[i, j] * between
            sums[15] += weight * theta[i, j] * between * one[i]
            sums[16] += weight * between * between
