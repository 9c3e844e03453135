"""The network behind FPND: against plain loops with any weights, and what must hold."""

import numpy as np
import pytest

from offshell.evaluate.generation.particle_net import activations, folded

SIZES = (3, 4, 5, 6)  # of the features of a particle, and of what each block learns


@pytest.fixture
def state(rng):
    """Weights by the names of jetnet, of a network with fewer features."""
    found = {}
    for block in range(3):
        inputs = sum(SIZES[: block + 1])
        for place, size in ((0, 2 * inputs), (3, SIZES[block + 1]), (6, SIZES[block + 1])):
            outputs = SIZES[block + 1]
            name = f"edge_nets.{block}.model"
            found[f"{name}.{place}.weight"] = rng.normal(size=(outputs, size)) / np.sqrt(size)
            found[f"{name}.{place}.bias"] = rng.normal(size=outputs)
            for key in ("weight", "bias", "running_mean"):
                found[f"{name}.{place + 1}.{key}"] = rng.normal(size=outputs)
            found[f"{name}.{place + 1}.running_var"] = rng.uniform(0.5, 2, outputs)
    found["fc1.0.weight"], found["fc1.0.bias"] = rng.normal(size=(7, sum(SIZES))), rng.normal(size=7)
    return found


def plainly(state, particles):
    """Edge by edge, as arXiv:1902.08570 writes it: h(x_i, x_j - x_i), averaged over the 16 nearest j."""
    features, place = particles, particles[:, :2]
    for block in range(3):
        distance = np.linalg.norm(place[:, None] - place, axis=-1)
        learned = []
        for i, own in enumerate(features):
            others = [j for j in np.argsort(distance[i]) if j != i][:16]
            edges = np.array([np.concatenate([own, features[j] - own]) for j in others])
            learned.append(edge_network(state, f"edge_nets.{block}.model", edges).mean(axis=0))
        features = place = np.concatenate([learned, features], axis=1)
    return state["fc1.0.weight"] @ features.mean(axis=0) + state["fc1.0.bias"]


def edge_network(state, name, x):
    for place in (0, 3, 6):
        x = x @ state[f"{name}.{place}.weight"].T + state[f"{name}.{place}.bias"]
        scale, shift, mean, variance = (
            state[f"{name}.{place + 1}.{key}"] for key in ("weight", "bias", "running_mean", "running_var")
        )
        x = np.maximum((x - mean) / np.sqrt(variance + 1e-5) * scale + shift, 0)
    return x


def test_the_network_is_what_plain_loops_make_of_its_weights(state, rng):
    jets = rng.normal(size=(3, 30, 3))
    expected = [plainly(state, jet) for jet in jets]
    found = activations(folded(state), jets)
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-4)  # float32, ten layers deep


def test_the_order_of_particles_and_what_else_is_in_the_batch_change_nothing(state, rng):
    jets = rng.normal(size=(60, 30, 3))  # more than a batch
    all_at_once = activations(folded(state), jets)
    alone = activations(folded(state), jets[[59, 0]][:, rng.permutation(30)])
    np.testing.assert_allclose(alone, all_at_once[[59, 0]], rtol=2e-4, atol=1e-4)  # float32, as above
