"""Partons become sprays of particles, which are parts of background jets."""

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.pseudo_anomalies.configurations import Configurations
from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.partons import between
from offshell.pseudo_anomalies.pool import Pool

__all__ = ["dressed_in_cores", "dressed_in_subjets"]

_CANDIDATES = 400
_UNIT_OF_LOG_PT, _UNIT_OF_LOG_DISTANCE = 0.15, 0.3


def dressed_in_subjets(decays: Configurations, pool: Pool, rng: np.random.Generator) -> Draft:
    """Returns jets in which each parton is a real subjet that had nearly its momentum and its distance to the next.

    Of 400 random subjets the one that is nearest in log pt (in units of 0.15) and in log of the distance (of 0.3); it is
    turned, mirrored and scaled to the pt of the parton.

    Args:
        decays: What to dress.
        pool: Where subjets are from.
        rng: Where random numbers are from.
    """
    chosen = _matched(decays, pool, rng)
    subjets = pool.subjets
    jet, n_axes, axis = (x[chosen] for x in (subjets.jet, subjets.n_axes, subjets.axis))
    belongs = subjets.owner[jet, n_axes - 1] == axis[..., None]
    return _in_place(decays, pool.particles[jet], belongs, rng)


def _matched(decays: Configurations, pool: Pool, rng: np.random.Generator) -> Int[np.ndarray, "n prongs"]:
    """The subjet for each parton."""
    pt = decays.partons[..., 0]
    log_pt = np.log(np.where(pt > 0, pt, 1.0))
    log_distance = np.log(np.minimum(between(decays.partons), pool.radius))
    candidates = rng.integers(len(pool.subjets.jet), size=(*pt.shape, _CANDIDATES))
    mismatch = ((pool.subjets.log_pt[candidates] - log_pt[..., None]) / _UNIT_OF_LOG_PT) ** 2
    mismatch += (
        (pool.subjets.log_distance[candidates] - log_distance[..., None]) / _UNIT_OF_LOG_DISTANCE
    ) ** 2
    best = mismatch.argmin(axis=2)
    return np.take_along_axis(candidates, best[..., None], axis=2)[..., 0]


def dressed_in_cores(decays: Configurations, pool: Pool, rng: np.random.Generator) -> Draft:
    r"""Returns jets in which each parton is the core of a whole jet, as a jet of lower pt would be.

    QCD depends on pt times angle: with a share z of the pt, the particles within :math:`z^a R` of the axis of a random
    jet are spread by :math:`z^{-a}`. a = 1 is that scaling, a = 0 leaves angles alone; it is even between them.

    Args:
        decays: What to dress.
        pool: Where jets are from.
        rng: Where random numbers are from.
    """
    pt = decays.partons[..., 0]
    share = np.where(pt > 0, pt / pool.pt[decays.jet][:, None], 1.0)
    narrow = np.minimum(share, 1.0) ** rng.uniform(size=(len(pt), 1))
    particles = pool.particles[rng.integers(len(pool.pt), size=pt.shape)]
    core = np.hypot(particles[..., 1], particles[..., 2]) < narrow[..., None] * pool.radius
    core &= particles[..., 0] > 0
    # Of the others, soft cores would spread the angles to where the momentum is infinite.
    particles[..., 1:3] *= (core / narrow[..., None])[..., None]
    return _in_place(decays, particles, core, rng)


def _in_place(
    decays: Configurations,
    particles: Float[np.ndarray, "n prongs particles 4"],
    belongs: Bool[np.ndarray, "n prongs particles"],
    rng: np.random.Generator,
) -> Draft:
    """Turn and mirror the sprays at random, around their own centers, and move them to the partons."""
    share = particles[..., 0] * belongs
    share /= np.maximum(share.sum(axis=2, keepdims=True), np.finfo(float).tiny)
    plane = particles[..., 1] + 1j * particles[..., 2]
    plane -= (share * plane).sum(axis=2, keepdims=True)
    mirrored = np.where(rng.integers(2, size=(*share.shape[:2], 1)), plane, plane.conj())
    turned = mirrored * np.exp(2j * np.pi * rng.random(share.shape[:2]))[..., None]
    pt, eta, phi = (decays.partons[..., None, i] for i in range(3))
    placed = np.stack([share * pt, turned.real + eta, turned.imag + phi, particles[..., 3]], axis=-1)
    return Draft(placed.reshape(len(placed), -1, 4), decays.jet, decays.n_prongs, decays.mass)
