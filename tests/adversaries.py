"""Small generators, critics and jets that the tests of adversarial networks share."""

import numpy as np

from offshell.models.networks import clouds

PARTICLES, NOISE = 6, 4

GENERATORS = {
    "dense": lambda shape: clouds.dense_generator(shape, noise=NOISE, hidden=(8,)),
    "graph": lambda shape: clouds.graph_generator(shape, noise=NOISE, hidden=(6, 5), neighbors=2),
    "tree": lambda shape: clouds.tree_generator(shape, noise=NOISE, hidden=(5, 4), support=2),
    "message-passing": lambda shape: clouds.message_passing_generator(
        shape, noise=NOISE, edge=(8, 6), node=(8,)
    ),
}
CRITICS = {
    "dense": lambda shape: clouds.dense_critic(shape, hidden=(8,)),
    "point": lambda shape: clouds.point_critic(shape, point=(8, 6), hidden=5),
    "message-passing": lambda shape: clouds.message_passing_critic(shape, edge=(8, 6), node=(8,), features=4),
}


def jets(n, *, columns=4, seed=1):
    """Clouds of two to six particles by falling pt, with a momentum of some 500 GeV if there are five columns."""
    rng = np.random.default_rng(seed)
    mask = (np.arange(PARTICLES) < rng.integers(2, PARTICLES + 1, size=(n, 1))).astype(float)
    pt = -np.sort(-rng.exponential(size=mask.shape) * mask, axis=1)
    angles = 0.1 * rng.normal(size=(2, *mask.shape))
    jet_pt = [rng.uniform(400, 600, size=(n, 1)) * mask] * (columns - 4)
    rows = [*angles * mask, pt / pt.sum(axis=1, keepdims=True), *jet_pt, mask]
    return np.stack(rows, axis=2).astype(np.float32)
