"""Energy correlators: sums over pairs, triples and quadruples of particles, which need no axes."""

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.constituents import normalize
from offshell.inputs.observables.compiled import compiled
from offshell.inputs.observables.distances import distances
from offshell.inputs.observables.particles import Particles
from offshell.inputs.observables.shapes import ratio
from offshell.inputs.observables.trees import KT, grown

__all__ = ["NAMES", "correlators"]

_OF_THREE = ("c2", "d2", "n2", "m2")
_OF_FOUR = ("c3", "n3")

NAMES = tuple(f"{name}{beta}" for beta in ("", "_beta2") for name in (*_OF_THREE, *_OF_FOUR))
"""The columns of `correlators`."""

_MOST = 30  # particles of which there are 27,405 quadruples
_WITHOUT_QUADRUPLES, _WITH_QUADRUPLES = 4, 6  # sums for each beta

Shares = Float[np.ndarray, " particles"]
Distances = Float[np.ndarray, "particles particles"]


def correlators(particles: Particles) -> Float[np.ndarray, "n 12"]:
    r"""Ratios of energy correlators for $\beta$ = 1 and, with `_beta2`, $\beta$ = 2.

    With shares $z_i = p_{T,i} / \sum_j p_{T,j}$ and distances $\theta_{ij}$ in rapidity and azimuth
    $e_2 = \sum_{i<j} z_i z_j \theta_{ij}^\beta$, $e_3 = \sum_{i<j<k} z_i z_j z_k (\theta_{ij} \theta_{ik} \theta_{jk})^\beta$, and likewise
    $e_4$ with six distances; ${}_v e_n$ takes only the product of the v smallest distances.

    - `c2` $= e_3 / e_2^2$, `c3` $= e_4 e_2 / e_3^2$ (Larkoski, Salam and Thaler, arXiv:1305.0007);
    - `d2` $= e_3 / e_2^3$ (Larkoski, Moult and Neill, arXiv:1409.6298);
    - `n2` $= {}_2e_3 / ({}_1e_2)^2$, `m2` $= {}_1e_3 / {}_1e_2$, `n3` $= {}_2e_4 / ({}_1e_3)^2$ (Moult, Necib and Thaler, arXiv:1609.07483).

    All are those of the whole jet, not groomed. `c3` and `n3` of a jet of more than 30 particles are those of its 30
    exclusive kT subjets, which leaves them infrared and collinear safe.
    """
    whole = _sums(particles, n_sums=_WITHOUT_QUADRUPLES)
    few = _sums(_at_most(particles, _MOST), n_sums=_WITH_QUADRUPLES)
    columns = []
    for beta in (0, 1):
        e2, e3, v1e3, v2e3 = whole[:, beta].T
        columns += [ratio(e3, e2**2), ratio(e3, e2**3), ratio(v2e3, e2**2), ratio(v1e3, e2)]
        e2, e3, v1e3, _, e4, v2e4 = few[:, beta].T
        columns += [ratio(e4 * e2, e3**2), ratio(v2e4, v1e3**2)]
    return np.stack(columns, axis=1)


def _at_most(particles: Particles, most: int) -> Particles:
    """Jets as they are, or their exclusive kT subjets where they have more particles."""
    many = particles.count > most
    few = _rows(particles, slice(None), most)
    if many.any():
        trees = grown(_rows(particles, many), KT)
        nodes = np.nonzero(trees.left(most))[1].reshape(-1, most)
        few.pt[many], few.y[many], few.phi[many] = (
            np.take_along_axis(values, nodes, axis=1) for values in (trees.pt, trees.y, trees.phi)
        )
    return few


def _rows(particles: Particles, rows: slice | Bool[np.ndarray, " n"], most: int | None = None) -> Particles:
    """Some of the jets, with their first particles; a copy."""
    momentum, pt, y, phi = (
        values[rows, :most].copy()
        for values in (particles.momentum, particles.pt, particles.y, particles.phi)
    )
    count = particles.count[rows] if most is None else np.minimum(particles.count[rows], most)
    return Particles(momentum, pt, y, phi, count)


def _sums(particles: Particles, *, n_sums: int) -> Float[np.ndarray, "n 2 sums"]:
    """For beta = 1 and 2: e2, e3, 1e3, 2e3 and, if there are six, e4 and 2e4."""
    sums = np.zeros((len(particles.count), 2, n_sums))
    _add_sums(normalize(particles.pt), particles.y, particles.phi, particles.count, sums)
    return sums


@compiled
def _add_sums(
    share: Float[np.ndarray, "n particles"],
    y: Float[np.ndarray, "n particles"],
    phi: Float[np.ndarray, "n particles"],
    count: Int[np.ndarray, " n"],
    sums: Float[np.ndarray, "n 2 sums"],
) -> None:
    for jet in range(len(count)):
        n = count[jet]
        apart = distances(y[jet, :n], phi[jet, :n])
        _add_triples(share[jet, :n], apart, sums[jet])
        if sums.shape[2] == _WITH_QUADRUPLES:
            _add_quadruples(share[jet, :n], apart, sums[jet])


@compiled
def _add_triples(share: Shares, apart: Distances, sums: Float[np.ndarray, "2 sums"]) -> None:
    n = len(share)
    for i in range(n):
        for j in range(i + 1, n):
            a, weight = apart[i, j], share[i] * share[j]
            whole, whole2, least, least2, two, two2 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            from_i, from_j, shares = apart[i, j + 1 :], apart[j, j + 1 :], share[j + 1 :]
            for k in range(len(shares)):  # from zero, so that the compiler takes several at once
                b, c, z = from_i[k], from_j[k], shares[k]
                product, smallest, smaller = a * b * c, min(a, b, c), min(a * b, a * c, b * c)
                whole, whole2 = whole + z * product, whole2 + z * product * product
                least, least2 = least + z * smallest, least2 + z * smallest * smallest
                two, two2 = two + z * smaller, two2 + z * smaller * smaller
            sums[0, 0], sums[1, 0] = sums[0, 0] + weight * a, sums[1, 0] + weight * a * a
            sums[0, 1], sums[1, 1] = sums[0, 1] + weight * whole, sums[1, 1] + weight * whole2
            sums[0, 2], sums[1, 2] = sums[0, 2] + weight * least, sums[1, 2] + weight * least2
            sums[0, 3], sums[1, 3] = sums[0, 3] + weight * two, sums[1, 3] + weight * two2


@compiled
def _add_quadruples(share: Shares, apart: Distances, sums: Float[np.ndarray, "2 sums"]) -> None:
    n = len(share)
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                a, b, c = apart[i, j], apart[i, k], apart[j, k]
                weight, known = share[i] * share[j] * share[k], a * b * c
                smallest, second = min(a, b, c), max(min(a, b), min(max(a, b), c))
                whole, whole2, two, two2 = 0.0, 0.0, 0.0, 0.0
                from_i, from_j, from_k = apart[i, k + 1 :], apart[j, k + 1 :], apart[k, k + 1 :]
                shares = share[k + 1 :]
                for m in range(len(shares)):  # as above
                    d, e, f, z = from_i[m], from_j[m], from_k[m], shares[m]
                    product = known * d * e * f
                    first, next_ = min(smallest, d), min(second, max(smallest, d))
                    first, next_ = min(first, e), min(next_, max(first, e))
                    smaller = min(first, f) * min(next_, max(first, f))
                    whole, whole2 = whole + z * product, whole2 + z * product * product
                    two, two2 = two + z * smaller, two2 + z * smaller * smaller
                sums[0, 4], sums[1, 4] = sums[0, 4] + weight * whole, sums[1, 4] + weight * whole2
                sums[0, 5], sums[1, 5] = sums[0, 5] + weight * two, sums[1, 5] + weight * two2
