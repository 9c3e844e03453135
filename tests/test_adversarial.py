"""Losses of the game in closed form."""

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import offshell  # noqa: F401 - chooses the backend before Keras is imported
from offshell.models.densities.gan.adversarial import gradient_penalty, least_squares, wasserstein

REAL, FAKE = np.array([1.0, 0.5], np.float32), np.array([0.0, 2.0], np.float32)


def test_least_squares_wants_one_for_real_and_zero_for_generated_events():
    losses = least_squares(REAL, FAKE, FAKE)
    assert losses["critic_loss"] == pytest.approx([0, 0.25 + 4])
    assert losses["generator_loss"] == pytest.approx([1, 1])


def test_wasserstein_is_a_difference():
    losses = wasserstein(REAL, FAKE, FAKE)
    assert losses["critic_loss"] == pytest.approx([-1, 1.5])
    assert losses["generator_loss"] == pytest.approx([0, -2])


def test_penalty_of_a_linear_critic_is_that_of_its_slope_anywhere():
    slope = jnp.array([[3.0, 0.0], [0.0, 4.0]])
    real, fake, share = jax.random.normal(jax.random.key(1), (3, 5, 2, 2))
    found = gradient_penalty(lambda x: jnp.sum(slope * x, axis=(1, 2)), real, fake, share[:, :1, :1])
    assert found == pytest.approx([10 * (5 - 1) ** 2] * 5, rel=1e-5)


def test_penalty_is_that_of_the_point_between_the_two():
    real, fake, share = jnp.array([[2.0]]), jnp.array([[6.0]]), jnp.array([[0.25]])
    found = gradient_penalty(lambda x: jnp.sum(x**2, axis=1), real, fake, share)
    assert float(found[0]) == pytest.approx(10 * (2 * 5 - 1) ** 2)


def test_a_critic_without_slope_learns_from_its_penalty_without_nan():
    def penalty(weight):
        return jnp.sum(gradient_penalty(lambda x: weight * x[:, 0], jnp.ones((2, 1)), jnp.zeros((2, 1)), 0.5))

    assert np.isfinite(jax.grad(penalty)(0.0))
