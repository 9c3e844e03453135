"""Layers on sets: what any order and any amount of padding must not change."""

import jax
import keras
import numpy as np
import pytest

from offshell.models import clouds

N, PARTICLES, FEATURES, LATENT = 3, 6, 8, 4


def epic(**options):
    return clouds.EPiC(FEATURES, LATENT, **options)


def passing(**options):
    return clouds.MessagePassing(edge=(10, 9), node=(11, FEATURES), distances=True, **options)


LAYERS = {"epic": epic, "message-passing": passing}


@pytest.fixture(params=LAYERS)
def layer(request):
    keras.utils.set_random_seed(1)
    with jax.enable_x64(new_val=True):
        yield LAYERS[request.param](dtype="float64")


@pytest.fixture
def jets():
    """Features and mask of jets with six, four and one particles."""
    mask = (np.arange(PARTICLES) < np.array([[6], [4], [1]]))[..., None].astype(float)
    return np.random.default_rng(2).normal(size=(N, PARTICLES, FEATURES)) * mask, mask


def applied(layer, features, mask):
    """Local features after the layer, from NumPy to NumPy."""
    if isinstance(layer, clouds.EPiC):
        context = np.random.default_rng(3).normal(size=(len(features), LATENT))
        return np.asarray(layer([features, context, mask])[0])
    return np.asarray(layer([features, mask]))


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
