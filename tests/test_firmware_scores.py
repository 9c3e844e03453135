"""Heads of scores on numbers against the terms of the detectors in float32, and against closed forms."""

import numpy as np
import pytest

from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import (
    Direct,
    GaussianKL,
    Radius,
    ScalarSum,
    SquaredDistance,
    SquaredNorm,
)
from offshell.models import terms

NOTHING = np.zeros((300, 0))


def fixed(n, size, *, integer, fraction, seed=1):
    """Fixed-point numbers that reach both ends."""
    form = Fixed(signed=True, integer=integer, fraction=fraction)
    integers = np.random.default_rng(seed).integers(form.lowest, form.highest, (n, size), endpoint=True)
    return form.values(integers)


MEAN = fixed(300, 3, integer=2, fraction=4)
LOG_VAR = fixed(300, 3, integer=1, fraction=3, seed=2)


def by_keras(term, *arguments):
    return np.asarray(term(*(np.float32(argument) for argument in arguments)), np.float64)


def test_mu2_is_exact():
    np.testing.assert_array_equal(SquaredNorm().head(NOTHING, [MEAN]), by_keras(terms.mu2, MEAN))


def test_the_radius_is_off_by_the_rounding_of_its_table_at_most():
    found = Radius().head(NOTHING, [MEAN, LOG_VAR])
    most = np.sum(MEAN**2, axis=1) * 2.0**-5  # half a step of the table
    assert (np.abs(found - by_keras(terms.radius, MEAN, LOG_VAR)) <= most + 1e-5).all()


def test_the_radius_is_exact_where_the_table_is():
    assert Radius().head(NOTHING[:1], [np.array([[3.0, -0.5]]), np.zeros((1, 2))]).tolist() == [9.25]


def test_a_tiny_variance_saturates_the_table():
    found = Radius().head(NOTHING[:2], [np.ones((2, 1)), np.array([[-50.0], [-500.0]])])
    assert found.tolist() == [15.9375, 15.9375]  # 2^4 - 2^-4


def test_the_kl_divergence_is_off_by_the_rounding_of_its_table_at_most():
    found = GaussianKL().head(NOTHING, [MEAN, LOG_VAR])
    most = 3 * 2.0**-5 / 2  # three entries, each by half a step, and half of it
    assert np.abs(found - by_keras(terms.kl_gaussian, MEAN, LOG_VAR)).max() <= most + 1e-5


def test_squared_distances_are_exact_where_residuals_fit():
    x, restored = fixed(300, 5, integer=2, fraction=4), fixed(300, 5, integer=2, fraction=3, seed=2)
    np.testing.assert_array_equal(SquaredDistance().head(x, [restored]), by_keras(terms.mse, x, restored))
    np.testing.assert_array_equal(
        SquaredDistance().head(NOTHING, [x, restored]), SquaredDistance().head(x, [restored])
    )


def test_residuals_saturate():
    small = SquaredDistance(Fixed(signed=True, integer=1, fraction=2))
    x = np.array([[1.0], [1.75], [1.8], [100.0], [-2.0], [-100.0]])
    assert small.head(x, [np.zeros_like(x)]).tolist() == [1, 1.75**2, 1.75**2, 1.75**2, 4, 4]


@pytest.mark.parametrize(
    ("largest", "integer", "fraction"), [(7.9, 3, 5), (8.1, 4, 4), (0.2, -2, 10), (0, 0, 8)]
)
def test_residuals_get_the_range_of_background_and_keep_their_bits(largest, integer, fraction):
    x = np.array([[0.0, -largest], [largest / 2, 0.0]])
    fitted = SquaredDistance().fitted(x, [np.zeros_like(x)])
    assert fitted.residual == Fixed(signed=True, integer=integer, fraction=fraction)
    assert fitted.residual.bits == SquaredDistance().residual.bits


def test_other_scores_have_nothing_to_fit():
    assert Radius().fitted(NOTHING, [MEAN, LOG_VAR]) == Radius()


def test_the_score_of_a_student_is_its_output():
    np.testing.assert_array_equal(Direct().head(NOTHING, [MEAN[:, :1]]), MEAN[:, 0])


def test_a_scalar_sum_takes_its_inputs_only():
    assert ScalarSum((0, 2)).head(np.array([[1.0, 10.0, 100.0]]), []).tolist() == [101]
