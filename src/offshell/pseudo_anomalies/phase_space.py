"""Decays into massless particles that favor no direction and no sharing of energy."""

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.momenta import pt_eta_phi

__all__ = ["boosted", "massless_bodies", "phase_space"]


def massless_bodies(
    n_bodies: Int[np.ndarray, " n"], mass: Float[np.ndarray, " n"], rng: np.random.Generator
) -> Float[np.ndarray, "n bodies 4"]:
    """Returns momenta spread evenly over massless N-body phase space, in the frame in which their sum is at rest.

    RAMBO (Kleiss, Stirling and Ellis, Comput. Phys. Comm. 40 (1986) 359): independent isotropic momenta, brought to rest
    and to the mass together; for massless bodies the density in phase space is constant.

    Args:
        n_bodies: How many bodies each decay has, at least 2.
        mass: Of what decays, in GeV.
        rng: Where random numbers are from.

    Returns:
        `E, px, py, pz` in GeV; rows of bodies that a decay does not have are 0.
    """
    present = np.arange(n_bodies.max()) < n_bodies[:, None]
    free = _isotropic(present, rng)
    total = free.sum(axis=1, keepdims=True)
    weight = np.sqrt(total[..., :1] ** 2 - (total[..., 1:] ** 2).sum(axis=2, keepdims=True))
    at_rest = boosted(free, -total[..., 1:] / weight)
    momenta: Float[np.ndarray, "n bodies 4"] = at_rest * mass[:, None, None] / weight
    return momenta


def _isotropic(
    present: Bool[np.ndarray, "n bodies"], rng: np.random.Generator
) -> Float[np.ndarray, "n bodies 4"]:
    cosine, phi = rng.uniform(-1, 1, present.shape), rng.uniform(0, 2 * np.pi, present.shape)
    energy = rng.gamma(2.0, size=present.shape) * present  # as -log(u v) of two uniform numbers
    sine = np.sqrt(1 - cosine**2)
    direction = [np.ones_like(phi), sine * np.cos(phi), sine * np.sin(phi), cosine]
    momenta: Float[np.ndarray, "n bodies 4"] = energy[..., None] * np.stack(direction, axis=-1)
    return momenta


def boosted(
    momenta: Float[np.ndarray, "n bodies 4"], velocity: Float[np.ndarray, "n #bodies 3"]
) -> Float[np.ndarray, "n bodies 4"]:
    """Returns momenta in a frame in which what was at rest moves.

    Args:
        momenta: `E, px, py, pz` in GeV.
        velocity: Its spatial four-velocity, gamma times beta, which is momentum over mass.
    """
    gamma = np.sqrt(1 + (velocity**2).sum(axis=2))
    energy, momentum = momenta[..., 0], momenta[..., 1:]
    along = (velocity * momentum).sum(axis=2)
    moved = momentum + velocity * (along / (1 + gamma) + energy)[..., None]
    return np.concatenate([(gamma * energy + along)[..., None], moved], axis=2)


def phase_space(
    n_bodies: Int[np.ndarray, " n"],
    mass: Float[np.ndarray, " n"],
    pt: Float[np.ndarray, " n"],
    rng: np.random.Generator,
) -> Float[np.ndarray, "n bodies 3"]:
    """Returns `massless_bodies` of something that moves with a transverse momentum, as partons seen from its axis.

    Args:
        n_bodies: How many bodies each decay has, at least 2.
        mass: Of what decays, in GeV.
        pt: Of what decays, in GeV.
        rng: Where random numbers are from.

    Returns:
        pt in GeV, eta and phi relative to the axis; pt is 0 for bodies that a decay does not have.
    """
    velocity = np.zeros((len(mass), 1, 3))
    velocity[:, 0, 0] = pt / mass
    return np.stack(pt_eta_phi(boosted(massless_bodies(n_bodies, mass, rng), velocity)), axis=-1)
