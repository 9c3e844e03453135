"""What every jet has in common: an axis, an edge, a transverse momentum, a softest particle and a place in the detector."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.partons import centered, rescaled, within
from offshell.pseudo_anomalies.pool import Pool

__all__ = ["assembled"]

Particles = Float[np.ndarray, "n particles 4"]


def assembled(draft: Draft, pool: Pool) -> Float[np.ndarray, "n particles 4"]:
    """Returns constituents `E, px, py, pz` in GeV, float32, by falling pt, zero-padded.

    Particles are centered on the axis of their sum and cut at the radius, those that are too soft to be seen are dropped,
    and the rest, at most as many as the background has, gets the pt and the place of the background jet.

    Args:
        draft: Of jets.
        pool: Of background jets.
    """
    particles = centered(_hardest(draft.particles))
    particles = rescaled(_where(within(particles, pool.radius), particles), pool.pt[draft.jet])
    particles = _where(particles[..., 0] >= pool.least_pt, particles)
    particles = rescaled(_hardest(particles)[:, : pool.particles.shape[1]], pool.pt[draft.jet])
    particles[..., 1] += pool.rapidity[draft.jet][:, None]
    particles[..., 2] += pool.phi[draft.jet][:, None]
    padded = np.zeros((len(particles), pool.n_rows, 4), dtype=np.float32)
    padded[:, : particles.shape[1]] = _momenta(particles)
    return padded


def _hardest(particles: Particles) -> Particles:
    """By falling pt, without the padding that no jet needs."""
    pt = particles[..., 0]
    order = np.argsort(-pt, axis=1, kind="stable")[:, : np.count_nonzero(pt, axis=1).max()]
    return np.take_along_axis(particles, order[..., None], axis=1)


def _where(mask: Bool[np.ndarray, "n particles"], particles: Particles) -> Particles:
    """Particles that pass; in a jet without any, the hardest, which is the first."""
    mask[:, 0] |= ~mask.any(axis=1)
    particles[..., 0] *= mask
    return particles


def _momenta(particles: Particles) -> Particles:
    pt, eta, phi, energy = np.moveaxis(particles, -1, 0)
    return np.stack(
        [energy * pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1
    )
