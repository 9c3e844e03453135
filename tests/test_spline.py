"""Rational-quadratic splines against what defines them: knots, slopes, derivatives and the way back."""

from functools import partial

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.models.densities.flows import spline

BOUND, BINS, N = 3.0, 5, 200

# Compiled for one shape only: an operation at a time takes ten times as long.
forward, inverse = jax.jit(spline.forward), jax.jit(spline.inverse)
knots_of = jax.jit(partial(spline.knots, bound=BOUND))


@pytest.fixture
def _double_precision():
    with jax.enable_x64(new_val=True):
        yield


def bent(n_splines=N, *, strength=1.5, seed=0):
    """Numbers inside and outside of the box, and splines of random knots for them, all different or all the same."""
    rng = np.random.default_rng(seed)
    parameters = strength * rng.normal(size=(n_splines, 3 * BINS - 1))
    return rng.uniform(-1.3 * BOUND, 1.3 * BOUND, size=N), knots_of(np.resize(parameters, (N, 3 * BINS - 1)))


@pytest.mark.usefixtures("_double_precision")
def test_zeros_give_the_identity():
    x = np.linspace(-4, 4, N)
    y, log_derivative = forward(x, knots_of(np.zeros((N, 3 * BINS - 1))))
    np.testing.assert_allclose(y, x, atol=1e-12)
    np.testing.assert_allclose(log_derivative, 0, atol=1e-12)


@pytest.mark.usefixtures("_double_precision")
def test_it_passes_the_knots_with_their_slopes():
    _, knots = bent(1)
    x, y, slopes = (np.resize(values[0], N) for values in knots)
    found, log_derivative = forward(x, knots)
    np.testing.assert_allclose(found, y, atol=1e-12)
    np.testing.assert_allclose(np.exp(log_derivative), slopes, rtol=1e-12)


@pytest.mark.usefixtures("_double_precision")
def test_the_derivative_is_that_of_autodiff():
    x, knots = bent()
    _, log_derivative = forward(x, knots)
    slope = jax.jit(jax.grad(lambda x: spline.forward(x, knots)[0].sum()))(x)
    np.testing.assert_allclose(log_derivative, np.log(slope), atol=1e-10)


@pytest.mark.usefixtures("_double_precision")
def test_inverse_leads_back_and_outside_nothing_happens():
    x, knots = bent()
    y, log_derivative = map(np.asarray, forward(x, knots))
    outside = np.abs(x) > BOUND
    assert outside.any()
    np.testing.assert_array_equal(y[outside], x[outside])
    np.testing.assert_array_equal(log_derivative[outside], 0)
    np.testing.assert_allclose(inverse(y, knots), x, atol=1e-9)


def test_inverse_is_as_exact_as_single_precision_allows():
    """In flat places the way back is not: there the error is that of y. Subtracting what is alike would lose a factor of 50."""
    errors = []
    for seed in range(20):
        x, knots = bent(strength=3, seed=seed)
        y, log_derivative = forward(x.astype(np.float32), knots)
        errors.append(np.abs(inverse(y, knots) - x) * np.exp(log_derivative))
    assert np.max(errors) < 3e-5


@given(strength=st.floats(0, 30), seed=st.integers(0, 2**16))
@settings(max_examples=settings.default.max_examples // 5)
def test_it_rises_whatever_the_parameters(strength, seed):
    x = np.linspace(-BOUND, BOUND, N)
    with jax.enable_x64(new_val=True):
        _, knots = bent(1, strength=strength, seed=seed)
        y, log_derivative = forward(x, knots)
    assert (np.diff(y) > 0).all()
    assert np.isfinite(log_derivative).all()
