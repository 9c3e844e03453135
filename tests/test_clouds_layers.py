"""Layers on sets: what any order and any amount of padding must not change."""

import jax
import keras
import numpy as np
import pytest

from offshell.models.networks import clouds

N, PARTICLES, FEATURES, LATENT = 3, 6, 8, 4


def epic():
    return clouds.EPiC(FEATURES, LATENT)


def passing():
    return clouds.MessagePassing(edge=(10, 9), node=(11, FEATURES), distances=True)


def attention():
    return clouds.SetAttention(FEATURES, 2)


LAYERS = {"epic": epic, "attention": attention, "message-passing": passing}


@pytest.fixture(autouse=True)
def double():
    """Everything in double precision."""
    keras.config.set_dtype_policy("float64")
    with jax.enable_x64(new_val=True):
        yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture(params=LAYERS)
def layer(request):
    keras.utils.set_random_seed(1)
    layer = LAYERS[request.param]()
    layer.build([(None, PARTICLES, FEATURES), (None, LATENT if request.param == "epic" else 1)])
    return layer


@pytest.fixture
def jets():
    """Features and mask of jets with six, four and one particles."""
    mask = (np.arange(PARTICLES) < np.array([[6], [4], [1]]))[..., None].astype(float)
    return np.random.default_rng(2).normal(size=(N, PARTICLES, FEATURES)) * mask, mask


def applied(layer, features, mask):
    """Local features after the layer, from NumPy to NumPy."""
    if isinstance(layer, clouds.EPiC):
        context = np.random.default_rng(3).normal(size=(len(features), LATENT))
        return np.asarray(jax.jit(layer)([features, context, mask])[0])
    return np.asarray(jax.jit(layer)([features, mask]))


def test_layers_are_permutation_equivariant(layer, jets):
    order = np.random.default_rng(4).permutation(PARTICLES)
    features, mask = jets
    straight = applied(layer, features, mask)
    permuted = applied(layer, features[:, order], mask[:, order])
    assert straight.dtype == np.float64
    np.testing.assert_allclose(permuted, straight[:, order], atol=1e-10)


def test_what_stands_in_the_padding_and_how_much_there_is_of_it_changes_nothing(layer, jets):
    features, mask = jets
    straight = applied(layer, features, mask)
    filled = applied(layer, features + 7 * (1 - mask), mask)
    longer = applied(layer, *(np.pad(part, ((0, 0), (0, 3), (0, 0))) for part in jets))
    assert not straight[mask[..., 0] == 0].any()
    np.testing.assert_allclose(filled, straight, atol=1e-10)
    np.testing.assert_allclose(longer[:, :PARTICLES], straight, atol=1e-10)


def test_pointnet_sees_neither_the_order_nor_the_padding(jets):
    features, mask = jets
    order = np.random.default_rng(4).permutation(PARTICLES)
    layer = clouds.PointNetMix(point=(7, 6), joint=(5, 2))
    layer.build([features.shape, mask.shape])
    described = jax.jit(layer)
    straight = described([features, mask])
    permuted = described([features[:, order], mask[:, order]])
    longer = described([np.pad(part, ((0, 0), (0, 3), (0, 0))) for part in (features - 9 * (1 - mask), mask)])
    assert straight.shape == (N, 2)
    np.testing.assert_allclose(permuted, straight, atol=1e-10)
    np.testing.assert_allclose(longer, straight, atol=1e-10)


def test_pooling_in_closed_form():
    features = np.array([[[1.0, -4.0], [3.0, -2.0], [9.0, 9.0]], [[5.0, 5.0]] * 3])
    mask = np.array([[[1.0], [1.0], [0.0]], [[0.0]] * 3])
    assert np.asarray(clouds.masked_sum(features, mask)).tolist() == [[4, -6], [0, 0]]
    assert np.asarray(clouds.masked_mean(features, mask)).tolist() == [[2, -3], [0, 0]]
    assert np.asarray(clouds.masked_max(features, mask)).tolist() == [[3, -2], [0, 0]]


def test_message_passing_is_what_the_paper_writes_for_every_pair(jets):
    features, mask = jets
    layer = clouds.MessagePassing(edge=(5, 4), node=(7, 3), distances=True)
    layer.build([features.shape, mask.shape])
    fast = np.asarray(jax.jit(layer)([features, mask]))
    kernels = [np.asarray(dense.kernel) for dense in (layer.receiver, layer.sender, layer.distance)]
    first, second = np.concatenate(kernels), np.asarray(layer.edge_layers[0].kernel)
    node = np.concatenate([np.asarray(dense.kernel) for dense in (layer.own, layer.received)])
    for jet, there, found in zip(features, mask[..., 0], fast, strict=True):
        for i in np.flatnonzero(there):
            pairs = [[*jet[i], *h, np.linalg.norm(jet[i] - h)] for h in jet[there > 0]]
            messages = leaky(leaky(pairs @ first) @ second).sum(axis=0)
            expected = leaky(np.concatenate([jet[i], messages]) @ node) @ np.asarray(
                layer.node_layers[0].kernel
            )
            np.testing.assert_allclose(found[i], expected, atol=1e-6)


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def test_a_condition_reaches_every_particle_and_the_global_vector(jets):
    features, mask = jets
    layer, context = clouds.EPiC(FEATURES, LATENT), np.ones((N, LATENT))
    layer.build([features.shape, context.shape, mask.shape, (N, 2)])
    exchanged = jax.jit(layer)
    before, after = (exchanged([features, context, mask, np.full((N, 2), c)]) for c in (0.0, 1.0))
    changed = (np.asarray(before[0]) != np.asarray(after[0])).any(axis=2)
    np.testing.assert_array_equal(changed, mask[..., 0] == 1)
    assert (np.asarray(before[1]) != np.asarray(after[1])).any(axis=1).all()
