"""Rational-quadratic splines against what defines them: knots, slopes, derivatives and the way back."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.models import spline

BOUND, BINS = 3.0, 5


@pytest.fixture
def _double_precision():
    with jax.enable_x64(new_val=True):
        yield


def bent(n=40, *, strength=1.5, seed=0):
    """Splines of random knots, one for each of n numbers, and numbers inside and outside of the box."""
    rng = np.random.default_rng(seed)
    parameters = strength * rng.normal(size=(n, 3 * BINS - 1))
    return rng.uniform(-1.3 * BOUND, 1.3 * BOUND, size=n), spline.knots(parameters, bound=BOUND)


@pytest.mark.usefixtures("_double_precision")
def test_zeros_give_the_identity():
    x = np.linspace(-4, 4, 50)
    y, log_derivative = spline.forward(x, spline.knots(np.zeros((50, 3 * BINS - 1)), bound=BOUND))
    np.testing.assert_allclose(y, x, atol=1e-12)
    np.testing.assert_allclose(log_derivative, 0, atol=1e-12)


@pytest.mark.usefixtures("_double_precision")
def test_it_passes_the_knots_with_their_slopes():
    _, knots = bent(1)
    at_knots = spline.Knots(*(np.repeat(values, BINS + 1, axis=0) for values in knots))
    y, log_derivative = spline.forward(knots.x[0], at_knots)
    np.testing.assert_allclose(y, knots.y[0], atol=1e-12)
    np.testing.assert_allclose(np.exp(log_derivative), knots.slopes[0], rtol=1e-12)


@pytest.mark.usefixtures("_double_precision")
def test_the_derivative_is_that_of_autodiff():
    x, knots = bent()
    _, log_derivative = spline.forward(x, knots)
    (slope,) = jax.vjp(lambda x: spline.forward(x, knots)[0], x)[1](np.ones_like(x))
    np.testing.assert_allclose(log_derivative, np.log(slope), atol=1e-10)


@pytest.mark.usefixtures("_double_precision")
def test_inverse_leads_back_and_outside_nothing_happens():
    x, knots = bent()
    y, log_derivative = spline.forward(x, knots)
    outside = np.abs(x) > BOUND
    assert outside.any()
    np.testing.assert_array_equal(y[outside], x[outside])
    np.testing.assert_array_equal(log_derivative[outside], 0)
    np.testing.assert_allclose(spline.inverse(y, knots), x, atol=1e-9)


def test_inverse_is_as_exact_as_single_precision_allows():
    """In flat places the way back is not: there the error is that of y. Subtracting what is alike would lose a factor of 50."""
    x, knots = bent(20_000, strength=3)
    x, knots = x.astype(np.float32), spline.Knots(*(np.asarray(values, np.float32) for values in knots))
    y, log_derivative = spline.forward(x, knots)
    error = np.abs(spline.inverse(y, knots) - x) * np.exp(log_derivative)
    assert error.max() < 3e-5


@given(strength=st.floats(0, 30), seed=st.integers(0, 2**16))
@settings(max_examples=15, deadline=None)
def test_it_rises_whatever_the_parameters(strength, seed):
    x = np.linspace(-BOUND, BOUND, 200)
    with jax.enable_x64(new_val=True):
        _, knots = bent(1, strength=strength, seed=seed)
        y, log_derivative = spline.forward(x, spline.Knots(*(np.repeat(v, 200, axis=0) for v in knots)))
    assert (np.diff(y) > 0).all()
    assert np.isfinite(log_derivative).all()
