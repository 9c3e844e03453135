"""Clouds from a seed, without offshell, so that other packages' environments can make the same ones."""

import numpy as np


def toy_clouds(n, *, seed, width=0.15, particles=20):
    """Jets of a Gaussian core with falling pt: eta_rel, phi_rel, pt_rel, mask in float64; 2 to all particles each."""
    rng = np.random.default_rng(seed)
    mask = np.arange(particles) < rng.integers(2, particles + 1, n)[:, np.newaxis]
    pt = -np.sort(-rng.exponential(size=(n, particles)) * mask, axis=1)
    pt /= pt.sum(axis=1, keepdims=True)
    eta, phi = width * rng.normal(size=(2, n, particles)) * (1 - pt)
    return np.stack([eta, phi, pt, np.ones_like(pt)], axis=-1) * mask[..., np.newaxis]
