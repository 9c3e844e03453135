"""The graph convolution against one written with loops, and what must not change it."""

import jax
import keras
import numpy as np
import pytest

from offshell.models.networks import clouds

N, PARTICLES, WIDTH, NEIGHBORS = 2, 6, 3, 2


@pytest.fixture(autouse=True)
def double():
    """Everything in double precision."""
    keras.config.set_dtype_policy("float64")
    with jax.enable_x64(new_val=True):
        yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def layer():
    keras.utils.set_random_seed(1)
    layer = clouds.GraphConvolution(4, neighbors=NEIGHBORS)
    layer.build([(N, PARTICLES, WIDTH), (N, PARTICLES, 1)])
    return layer


@pytest.fixture
def jets():
    """Features and mask of jets with six and two particles."""
    mask = (np.arange(PARTICLES) < np.array([[6], [2]]))[..., None].astype(float)
    return np.random.default_rng(2).normal(size=(N, PARTICLES, WIDTH)) * mask, mask


def convolved(layer, x):
    """All particles of one jet without padding, neighbor by neighbor."""
    own, bias, mean, products = (np.asarray(weight) for weight in layer.get_weights())
    theta = products.reshape(WIDTH, WIDTH, -1)
    found = []
    for i, center in enumerate(x):
        others = np.delete(x, i, axis=0)
        near = others[np.argsort(np.square(others - center).sum(axis=1))[:NEIGHBORS]]
        messages = [h @ mean + np.einsum("a,b,abo->o", h, h - center, np.swapaxes(theta, 0, 1)) for h in near]
        found.append(center @ own + bias + np.mean(messages, axis=0))
    return found


def test_matrices_of_pairs_are_never_made_but_felt(layer, jets):
    features, mask = jets
    found = np.asarray(jax.jit(layer)([features, mask]))
    np.testing.assert_allclose(found[0], convolved(layer, features[0]), atol=1e-12)
    np.testing.assert_allclose(found[1, :2], convolved(layer, features[1, :2]), atol=1e-12)
    assert not found[1, 2:].any()


def test_order_and_padding_change_nothing(layer, jets):
    features, mask = jets
    order = np.random.default_rng(3).permutation(PARTICLES)
    convolve = jax.jit(layer)
    straight = np.asarray(convolve([features, mask]))
    permuted = convolve([features[:, order], mask[:, order]])
    longer = convolve([np.pad(part, ((0, 0), (0, 2), (0, 0))) for part in (features + 7 * (1 - mask), mask)])
    np.testing.assert_allclose(permuted, straight[:, order], atol=1e-10)
    np.testing.assert_allclose(longer[:, :PARTICLES], straight, atol=1e-10)


def test_a_particle_without_neighbors_sees_itself(layer):
    alone = np.array([[[1.0, 2.0, 3.0], [9.0, 9.0, 9.0]]])
    found = jax.jit(layer)([alone, np.array([[[1.0], [0.0]]])])
    own, bias = (np.asarray(weight) for weight in layer.own.get_weights())
    np.testing.assert_allclose(found[0, 0], alone[0, 0] @ own + bias, atol=1e-12)
