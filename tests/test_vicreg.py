"""The VICReg loss on batches made by hand, and who learns from which term."""

import jax
import keras
import numpy as np
import pytest

from offshell.models import Corruption, VICReg, networks
from offshell.models.one_class.vicreg import vicreg

# Two columns of zero mean, unit variance (with n - 1) and no covariance.
WHITE = np.sqrt(3 / 4) * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float32)


def loss(a, b):
    return np.asarray(vicreg(np.asarray(a, np.float32), np.asarray(b, np.float32)))


def test_white_and_equal_views_cost_nothing():
    assert loss(WHITE, WHITE) == pytest.approx(np.zeros(4), abs=1e-4)


def test_difference_of_the_views_costs_25_times_its_mean_square_in_each_event():
    moved = np.add(WHITE, [[0.0, 0.0], [0.2, 0.4], [0.0, 0.0], [-0.2, -0.4]])
    difference = loss(WHITE, moved) - loss(WHITE, moved).min()
    assert difference == pytest.approx(25 * np.array([0, 0.1, 0, 0.1]), rel=1e-4)


def test_collapse_costs_25_for_each_view():
    """The width of a constant is sqrt(1e-4) = 0.01."""
    assert loss(np.ones((4, 3)), np.ones((4, 3))) == pytest.approx(np.full(4, 2 * 25 * 0.99), rel=1e-4)


def test_wide_views_cost_nothing_narrow_ones_what_they_lack():
    assert loss(3 * WHITE, 3 * WHITE) == pytest.approx(np.zeros(4), abs=1e-3)
    lack = 1 - np.sqrt(0.25 + 1e-4)
    assert loss(WHITE / 2, WHITE / 2) == pytest.approx(np.full(4, 2 * 25 * lack), rel=1e-4)


def test_copied_dimension_costs_its_squared_covariance():
    """Both off-diagonal elements are one, divided by two dimensions, for two views."""
    copied = WHITE[:, [0, 0]]
    assert loss(copied, copied) == pytest.approx(np.full(4, 2.0), rel=1e-3)


@pytest.mark.parametrize(("term", "learners"), [("vicreg", {"embedder", "expander"}), ("mse", {"inside"})])
def test_embedding_learns_from_vicreg_and_autoencoder_from_mse(term, learners):
    keras.utils.set_random_seed(1)
    parts = {
        "embedder": networks.dense_encoder(6, hidden=(8,), size=4),
        "expander": networks.dense_encoder(4, hidden=(8,), size=8, bias=False),
        "encoder": networks.dense_encoder(4, hidden=(), size=2),
        "decoder": networks.dense_decoder(2, hidden=(), features=4),
    }
    model = VICReg(**parts, corruption=Corruption())
    x = np.random.default_rng(0).normal(size=(32, 6)).astype(np.float32)
    model(keras.Input((6,)))
    frozen = [v.value for v in model.non_trainable_variables]

    @jax.jit
    @jax.grad
    def gradient(weights):
        return model.loss_of(model.stateless_call(weights, frozen, x, training=True)[0], term)

    gradients = gradient([v.value for v in model.trainable_variables])
    learning = {id(v) for v, g in zip(model.trainable_variables, gradients, strict=True) if np.any(g)}
    owners = {"embedder": "embedder", "expander": "expander", "encoder": "inside", "decoder": "inside"}
    found = {
        owners[name] for name, part in parts.items() for v in part.trainable_variables if id(v) in learning
    }
    assert found == learners
