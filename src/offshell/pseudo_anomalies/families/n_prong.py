"""Decays to a few prongs, spread evenly over phase space."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.pseudo_anomalies.configurations import Configurations, configurations
from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.dressing import dressed_in_cores, dressed_in_subjets
from offshell.pseudo_anomalies.partons import between, within
from offshell.pseudo_anomalies.phase_space import phase_space
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["cores", "matched", "resolved"]

_LEAST_SHARE, _LEAST_DISTANCE = 0.05, 0.1

Partons = Float[np.ndarray, "n prongs 3"]


def matched(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Draft:
    """Decays to a few prongs, each dressed with a subjet that had nearly its momentum and its distance to the next.

    Args:
        pool: Of background jets.
        n: How many.
        prior: Numbers of prongs and range of masses, both even.
        rng: Where random numbers are from.
    """
    return dressed_in_subjets(_decays(pool, n, prior, rng), pool, rng)


def cores(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Draft:
    """Decays to a few prongs, each dressed with the core of a whole jet; arguments as for `matched`."""
    return dressed_in_cores(_decays(pool, n, prior, rng), pool, rng)


def resolved(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Draft:
    """As `matched`, if each prong has 5 % of the pt or more and lies at least 0.1 from the others."""

    def fits(partons: Partons) -> Bool[np.ndarray, " n"]:
        fitting: Bool[np.ndarray, " n"] = _all_within(partons, pool.radius) & _apart(partons)
        return fitting

    decays = configurations(pool, n, prior, rng, decay=phase_space, fits=fits)
    return dressed_in_subjets(decays, pool, rng)


def _decays(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Configurations:
    def fits(partons: Partons) -> Bool[np.ndarray, " n"]:
        return _all_within(partons, pool.radius)

    return configurations(pool, n, prior, rng, decay=phase_space, fits=fits)


def _all_within(partons: Partons, radius: float) -> Bool[np.ndarray, " n"]:
    inside: Bool[np.ndarray, " n"] = (within(partons, radius) | (partons[..., 0] == 0)).all(axis=1)
    return inside


def _apart(partons: Partons) -> Bool[np.ndarray, " n"]:
    pt = partons[..., 0]
    soft = (pt > 0) & (pt < _LEAST_SHARE * pt.sum(axis=1, keepdims=True))
    close = between(partons) < _LEAST_DISTANCE
    apart: Bool[np.ndarray, " n"] = ~(soft | close).any(axis=1)
    return apart
