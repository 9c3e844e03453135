"""Heun's method and divergences against equations with closed solutions."""

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from offshell.models.densities.paths.ode import divergence, heun, with_divergence

MATRIX = np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)
X = np.random.default_rng(2).normal(size=(6, 4)).astype(np.float32)


def growth(steps):
    """The end of dx/dt = t x from x(0) = 1 to t = 1, exactly exp(1/2)."""
    return float(heun(lambda x, t: t * x, jnp.ones(()), begin=0.0, end=1.0, steps=steps))


def test_one_step_of_heun_is_the_one_of_the_textbook():
    # Slope 0 at the start, 1 at the end of an Euler step: 1 + (0 + 1) / 2.
    assert growth(1) == pytest.approx(1.5)


def test_the_error_falls_with_the_square_of_the_number_of_steps():
    errors = np.abs(np.array([growth(steps) for steps in (16, 32)]) - np.exp(0.5))
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.07)  # float32 leaves no room for more steps


def test_a_way_back_ends_where_the_way_began():
    def field(x, t):
        return jnp.sin(x) + t

    there = heun(field, jnp.asarray(X), begin=0.0, end=1.0, steps=50)
    back = heun(field, there, begin=1.0, end=0.0, steps=50)
    assert np.asarray(back) == pytest.approx(X, abs=1e-4)


def test_divergence_of_a_linear_field_is_the_trace_of_its_matrix():
    velocities, traces = divergence(lambda x: x @ MATRIX.T, X, jnp.eye(4))
    assert np.asarray(velocities) == pytest.approx(X @ MATRIX.T, rel=1e-5)
    assert np.asarray(traces) == pytest.approx(np.trace(MATRIX), rel=1e-5)


def test_random_signs_estimate_the_divergence_of_any_field_without_bias():
    def field(x):
        return jnp.tanh(x @ MATRIX.T)

    _, exact = divergence(field, X, jnp.eye(4))
    every = np.array(np.meshgrid(*[[-1.0, 1.0]] * 4)).reshape(4, -1).T.astype(np.float32)
    estimates = np.asarray(jax.vmap(lambda probe: divergence(field, X, probe[None])[1])(every))
    assert estimates.mean(axis=0) == pytest.approx(np.asarray(exact), rel=1e-4)
    assert (estimates.std(axis=0) > 0.1).all()


def test_density_of_a_gaussian_that_grows_is_that_of_a_wider_gaussian():
    rates = jnp.asarray([0.5, -0.3, 0.1, 0.0])
    field = with_divergence(lambda x, _: rates * x, jnp.eye(4))
    end, gained = jax.jit(lambda x: heun(field, (x, jnp.zeros(len(x))), begin=0.0, end=1.0, steps=40))(X)
    assert np.asarray(end) == pytest.approx(X * np.exp(np.asarray(rates)), rel=1e-3)
    assert np.asarray(gained) == pytest.approx(0.3, rel=1e-5)
