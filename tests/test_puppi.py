"""Weights against pile-up: closed forms, and the fast neighbor search against all pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from offshell.simulate.detector.puppi import FROM_HARD, FROM_PILEUP, NEUTRAL, Measured, _alpha, puppi_weights


def measured(*rows):
    """Rows of event, pt, eta, phi, origin."""
    event, pt, eta, phi, origin = map(np.array, zip(*rows, strict=True))
    return Measured(event, pt.astype(float), eta.astype(float), phi.astype(float), origin)


def test_hard_tracks_are_kept_and_those_of_pile_up_dropped():
    objects = measured((0, 5.0, 0.1, 0.0, FROM_HARD), (0, 5.0, 0.1, 1.0, FROM_PILEUP))
    np.testing.assert_array_equal(puppi_weights(objects, np.array([2])), [1.0, 0.0])


def test_without_tracks_to_compare_with_a_neutral_above_its_threshold_is_kept():
    objects = measured((0, 0.21, 0.1, 0.0, NEUTRAL), (0, 0.20, 0.1, 2.0, NEUTRAL))
    np.testing.assert_array_equal(puppi_weights(objects, np.array([1])), [1.0, 0.0])


def test_a_neutral_far_from_all_hard_tracks_is_dropped():
    tracks = [(0, 2.0, 0.3, 0.1 * i, FROM_HARD) for i in range(5)]
    weights = puppi_weights(measured(*tracks, (0, 9.0, -1.0, 2.0, NEUTRAL)), np.array([21]))
    assert weights[-1] == 0


def test_as_in_the_paper_hard_tracks_are_no_comparison():
    tracks = [(0, 2.0, 0.3, 0.1 * i, FROM_HARD) for i in range(5)]
    far = (0, 9.0, -1.0, 2.0, NEUTRAL)
    weights = puppi_weights(measured(*tracks, far), np.array([21]), as_delphes=False)
    assert weights[-1] == 1  # there is nothing that it could be like
    # Alpha of pile-up beside a hard track, and of the neutral beside one that is three times as hard and as near.
    pileup = [(0, 1.0, 0.3, -0.1, FROM_PILEUP), (0, 1.0, 0.3, 0.5, FROM_PILEUP)]
    hard = (0, 6.0, -1.0, 2.1, FROM_HARD)
    weights = puppi_weights(measured(*tracks, *pileup, hard, far), np.array([21]), as_delphes=False)
    assert weights[-1] > 0.9


def test_the_weight_is_the_probability_of_the_pull():
    # Three tracks in a row: alpha of each from its neighbors, then that of the neutral by hand.
    tracks = [(0, 1.0, 0.0, 0.0, FROM_HARD), (0, 2.0, 0.0, 0.1, FROM_HARD), (0, 1.0, 0.0, -0.1, FROM_HARD)]
    neutral = (0, 3.0, 0.0, 0.05, NEUTRAL)
    alphas = np.log([2.0**2 / 0.01 + 1 / 0.01, 1 / 0.01, 1 / 0.01])
    median = np.sort(alphas)[1]
    rms = np.sqrt(1e-5)  # both in the lower half are the median
    alpha = np.log(1 / 0.05**2 + 4 / 0.05**2 + 1 / 0.15**2)
    expected = chi2.cdf(((alpha - median) / rms) ** 2, 1)
    weights = puppi_weights(measured(*tracks, neutral), np.array([1]))
    assert weights[-1] == pytest.approx(expected)


def test_events_do_not_see_each_other():
    first = [(0, 4.0, 0.3, 1.0, FROM_HARD), (0, 3.0, 0.35, 1.05, NEUTRAL), (0, 0.5, 1.0, 2.0, FROM_PILEUP)]
    alone = puppi_weights(measured(*first), np.array([2]))
    second = [(1, 50.0, 0.3, 1.0, FROM_HARD)]
    both = puppi_weights(measured(*first, *second), np.array([2, 1]))
    np.testing.assert_array_equal(both[:3], alone)


def test_more_vertices_ask_for_more_momentum():
    objects = measured((0, 0.35, 2.0, 0.0, NEUTRAL))
    assert puppi_weights(objects, np.array([1]))[0] == 1
    assert puppi_weights(objects, np.array([21]))[0] == 0  # 0.2 + 14 * 0.013 = 0.38 GeV


@given(st.integers(0, 2**32 - 1))
def test_neighbors_are_those_of_a_search_through_all_pairs(seed):
    rng = np.random.default_rng(seed)
    n = 60
    event = np.sort(rng.integers(3, size=n))
    eta, phi = rng.uniform(-0.6, 0.6, n), rng.choice([-np.pi, np.pi - 1e-9, 0.0], n) + rng.uniform(0, 0.3, n)
    phi = (phi + np.pi) % (2 * np.pi) - np.pi
    objects = Measured(event, rng.exponential(2.0, n), eta, phi, rng.integers(3, size=n))
    source = rng.random(n) < 0.5
    d_phi = np.abs(phi[:, None] - phi)
    squared = (eta[:, None] - eta) ** 2 + np.minimum(d_phi, 2 * np.pi - d_phi) ** 2
    near = (squared < 0.04) & (squared >= 1e-4) & (event[:, None] == event) & source
    total = np.where(near, objects.pt**2 / np.where(near, squared, 1), 0).sum(axis=1)
    expected = np.where(total > 0, np.log(np.where(total > 0, total, 1)), 0)
    np.testing.assert_allclose(_alpha(objects, np.ones(n, dtype=bool), source), expected, atol=1e-9)
