"""Jets from a seed: a hard core with a halo, or needles that show what is done to them."""

import numpy as np


def massless(pt, eta, phi):
    """Jets `(n, particles, 4)` float32 of massless particles."""
    components = (pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta))
    return np.stack(np.broadcast_arrays(*components), axis=-1).astype(np.float32)


def toy_jets(n_jets, *, seed=1, n_particles=25, pt=600):
    """Falling momenta that lie the wider the softer they are, around a random place in the detector."""
    rng = np.random.default_rng(seed)
    share = -np.sort(-(rng.exponential(size=(n_jets, n_particles)) ** 2) - 0.01, axis=1)
    share /= share.sum(axis=1, keepdims=True)
    place = rng.uniform([-1.5, -3], [1.5, 3], (n_jets, 2))[:, :, None]
    eta, phi = place[:, 0], place[:, 1]
    width = 0.02 + 0.1 * (1 - share) ** 20
    return massless(
        pt * share, eta + width * rng.normal(size=share.shape), phi + width * rng.normal(size=share.shape)
    )


def needles(n_jets, *, pt=600.0):
    """Two particles in one direction: what is dressed in them are partons."""
    return massless(np.full((n_jets, 2), pt / 2), 0.3, 1.0)
