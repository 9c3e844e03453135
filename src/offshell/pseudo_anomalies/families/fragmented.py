"""Background jets whose momentum is shared in another way."""

import numpy as np
from jaxtyping import Float, Int

from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.partons import invariant_mass
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior
from offshell.pseudo_anomalies.subjets import MOST_AXES

__all__ = ["fragmented"]

_LOWEST_POWER, _HIGHEST_POWER = 0.4, 2.0

Pt = Float[np.ndarray, "n particles"]


def fragmented(pool: Pool, n: int, _prior: Prior, rng: np.random.Generator) -> Draft:
    r"""Background jets with pt changed to :math:`p_T^g`, of particles inside of subjets or of the subjets themselves.

    The logarithm of g is spread evenly from that of 0.4, which makes momenta more equal, to that of 2, which makes the
    hardest harder. Jets are divided into 1 to 4 subjets, and into at least 2 where their sharing changes.

    Args:
        pool: Of background jets.
        n: How many.
        _prior: Not used; masses and numbers of prongs are those of the background.
        rng: Where random numbers are from.
    """
    jet = rng.integers(len(pool.pt), size=n)
    particles = pool.particles[jet]
    pt = particles[..., 0]
    among = rng.integers(2, size=n)  # 0: inside of subjets
    n_subjets = np.minimum(rng.integers(1 + among, MOST_AXES + 1), np.count_nonzero(pt, axis=1))
    owner = np.maximum(pool.subjets.owner[jet, n_subjets - 1], 0)
    power = np.exp(rng.uniform(np.log(_LOWEST_POWER), np.log(_HIGHEST_POWER), size=(n, 1)))
    particles[..., 0] = np.where(
        among[:, None], _shared_among(pt, owner, power), _shared_inside(pt, owner, power)
    )
    return Draft(particles, jet, n_subjets, invariant_mass(particles))


def _shared_inside(pt: Pt, owner: Int[np.ndarray, "n particles"], power: Float[np.ndarray, "n 1"]) -> Pt:
    changed: Pt = pt**power * _of_subjet(pt, owner) / _of_subjet(pt**power, owner)
    return changed


def _shared_among(pt: Pt, owner: Int[np.ndarray, "n particles"], power: Float[np.ndarray, "n 1"]) -> Pt:
    changed: Pt = pt * _of_subjet(pt, owner) ** (power - 1)
    changed *= (pt.sum(axis=1) / changed.sum(axis=1))[:, None]
    return changed


def _of_subjet(pt: Pt, owner: Int[np.ndarray, "n particles"]) -> Pt:
    """The sum over the subjet that each particle belongs to."""
    sums = np.stack([np.vecdot(pt, owner == axis) for axis in range(MOST_AXES)], axis=1)
    return np.take_along_axis(sums, owner, axis=1)
