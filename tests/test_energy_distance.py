"""The energy distance: zero for equal distributions on average, closed forms otherwise."""

import numpy as np
import pytest
from scipy.stats import norm

from offshell.models.densities.gan.energy_distance import energy_distance

MIDDLES = (np.arange(1000)[:, np.newaxis] + 0.5) / 1000


def estimate(x, y):
    return float(np.mean(energy_distance(x.astype(np.float32), y.astype(np.float32))))


def test_two_pairs_of_points_by_hand():
    # Between the samples, own rows left out: |0 - 7| and |1 - 3|. Within them: 1 and 4.
    found = energy_distance(np.array([[0.0], [1.0]], np.float32), np.array([[3.0], [7.0]], np.float32))
    assert np.mean(found) == pytest.approx(2 * (7 + 2) / 2 - 1 - 4)
    assert found.shape == (2,)


def test_shifted_gaussians_in_closed_form():
    shift, spread = 1.5, np.sqrt(2)
    between = spread * np.sqrt(2 / np.pi) * np.exp(-(shift**2) / 4) + shift * (
        1 - 2 * norm.cdf(-shift / spread)
    )
    expected = 2 * between - 2 * spread * np.sqrt(2 / np.pi)
    x = norm.ppf(MIDDLES)
    # Without fluctuations, what is left is the share of rows that are left out, twice 1/1000 of distances of up to 1.6.
    assert estimate(x, x + shift) == pytest.approx(expected, abs=4e-3)


def test_it_is_twice_the_integral_of_the_squared_difference_of_distribution_functions():
    x, y = -np.log(MIDDLES), 2 * MIDDLES
    grid = np.linspace(0, 12, 4001)
    difference = 1 - np.exp(-grid) - np.clip(grid / 2, 0, 1)
    assert estimate(x, y) == pytest.approx(2 * np.trapezoid(difference**2, grid), abs=4e-3)


def test_batches_of_eight_have_no_bias_even_if_rows_belong_together(rng):
    shared = rng.normal(size=(200, 8, 2))
    x, y = (shared + rng.normal(size=shared.shape) for _ in range(2))
    estimates = [estimate(*pair) for pair in zip(x, y, strict=True)]
    assert abs(np.mean(estimates)) < 5 * np.std(estimates) / np.sqrt(len(estimates))
    assert min(estimates) < 0


def test_features_are_averaged(rng):
    x, y = rng.normal(size=(2, 50, 2)) + np.array([[[0, 0]], [[0, 3]]])
    single = [estimate(x[:, [column]], y[:, [column]]) for column in (0, 1)]
    assert estimate(x, y) == pytest.approx(np.mean(single), rel=1e-4)
