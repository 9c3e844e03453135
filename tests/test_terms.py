"""Terms against closed forms that are computed another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import entropy, norm

from offshell.models import terms

EPS = np.finfo(np.float32).eps


def test_mse_sums_squares_over_the_event():
    assert np.asarray(terms.mse(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))) == pytest.approx([5.0])


def test_bce_of_certain_and_even_predictions():
    x = np.array([[1.0, 0.0], [1.0, 0.0]])
    x_hat = np.array([[0.5, 0.5], [0.25, 0.0]])
    assert np.asarray(terms.bce(x, x_hat)) == pytest.approx([2 * np.log(2), np.log(4)], abs=1e-5)


def test_bce_stays_finite_at_zero_and_one():
    assert np.isfinite(
        terms.bce(np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32))
    ).all()


def test_dice_of_equal_disjoint_and_half_overlapping_images():
    x = np.array([[1.0, 1.0, 0.0]] * 3)
    x_hat = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    assert np.asarray(terms.dice(x, x_hat)) == pytest.approx([0.0, 1.0, 0.5])


def test_dice_of_two_empty_images_is_finite():
    assert np.isfinite(terms.dice(np.zeros((1, 4)), np.zeros((1, 4)))).all()


def test_pixel_diff_is_the_missing_energy():
    assert np.asarray(terms.pixel_diff(np.array([[0.5, 0.5]]), np.array([[0.25, 0.5]]))) == pytest.approx(
        [0.25]
    )


@pytest.mark.parametrize(("mean", "sigma"), [(0.0, 1.0), (1.5, 0.5), (-2.0, 3.0)])
def test_kl_gaussian_is_the_integral_that_defines_it(mean, sigma):
    p, q = norm(mean, sigma), norm()
    integral, _ = quad(lambda z: p.pdf(z) * (p.logpdf(z) - q.logpdf(z)), mean - 12 * sigma, mean + 12 * sigma)
    value = terms.kl_gaussian(np.array([[mean, 0.0]]), np.array([[2 * np.log(sigma), 0.0]]))
    assert np.asarray(value) == pytest.approx([integral], abs=1e-5)


@given(st.lists(st.floats(-8, 8, width=32), min_size=6, max_size=6))
def test_kl_categorical_is_scipys_entropy_relative_to_the_uniform_distribution(logits):
    logits = np.reshape(logits, (1, 2, 3))
    pi = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    expected = entropy(pi, np.full_like(pi, 1 / 3), axis=-1).sum(axis=1)
    # A logit of size x is known to x eps / 2, and so is each logarithm that is summed.
    tolerance = 2 * EPS * (1 + np.abs(logits)).sum()
    assert np.asarray(terms.kl_categorical(logits)) == pytest.approx(expected, abs=tolerance)


def test_kl_categorical_of_a_certain_class_is_the_logarithm_of_their_number():
    logits = np.zeros((1, 1, 20))
    logits[..., 3] = 100
    assert np.asarray(terms.kl_categorical(logits)) == pytest.approx([np.log(20)], abs=1e-5)


def test_mu2_is_the_squared_radius():
    assert np.asarray(terms.mu2(np.array([[3.0, 4.0]]))) == pytest.approx([25.0])


def test_radius_counts_the_distance_in_widths():
    log_var = np.log(np.array([[4.0, 0.25]]))
    assert np.asarray(terms.radius(np.array([[2.0, 1.0]]), log_var)) == pytest.approx([1.0 + 4.0])


def test_l1_is_the_sum_of_absolute_values():
    assert np.asarray(terms.l1(np.array([[3.0, -4.0], [0.0, 0.0]]))) == pytest.approx([7.0, 0.0])


@given(
    st.lists(st.floats(1 / 1024, 1023 / 1024, width=32), min_size=3, max_size=3),
    st.floats(1 / 64, 0.5, width=32),
)
def test_kl_activity_is_scipys_entropy_of_coins_relative_to_those_of_the_units(code, activity):
    coins = np.array([code, np.subtract(1, code)])
    rare = np.array([[activity], [1 - activity]])
    expected = entropy(np.broadcast_to(rare, coins.shape), coins, axis=0).sum()
    # Quotient, logarithm, product and sum round what they make by eps / 2 each; summands have both signs.
    tolerance = 2 * EPS * (rare * (1 + np.abs(np.log(rare / coins)))).sum()
    found = np.asarray(terms.kl_activity(np.array([code]), activity))
    assert found == pytest.approx([expected], abs=tolerance)


def test_kl_activity_stays_finite_for_saturated_units():
    assert np.isfinite(terms.kl_activity(np.array([[0.0, 1.0]], np.float32), 0.05)).all()


def test_vectors_have_no_terms_of_images():
    assert set(terms.reconstruction(np.ones((2, 3)), np.ones((2, 3)))) == {"mse"}
    images = np.ones((2, 4, 4, 1))
    assert set(terms.reconstruction(images, images)) == {"mse", "bce", "dice", "pixel_diff"}


def test_no_missing_energy_where_a_reconstruction_always_has_the_same():
    images = np.ones((1, 2, 2, 1)) / 4
    assert set(terms.reconstruction(images, images, fixed_sum=True)) == {"mse", "bce", "dice"}
