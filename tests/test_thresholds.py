"""Thresholds against counting and closed forms; the interval of a tail fit against its coverage."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, expon, genpareto, norm
from scipy.stats import t as student

from offshell.errors import InputError
from offshell.evaluate import signal_efficiency, threshold_at_rate, tpr_at_fpr
from offshell.evaluate.rates.thresholds import OperatingPoint

distinct_or_tied = st.integers(1, 40).flatmap(
    lambda n_values: arrays(np.int64, st.integers(1, 60), elements=st.integers(0, n_values))
)
shares = st.sampled_from([0.02, 0.1, 0.29, 0.5, 0.9])


def quantiles(distribution, n_events):
    """A sample without fluctuations."""
    return distribution.ppf((np.arange(n_events) + 0.5) / n_events)


# Counting


def test_the_default_input_rate_is_that_of_the_level_1_trigger():
    # 28.6 MHz / 1 MHz of 286,000 events are 10,000 events.
    assert threshold_at_rate(np.arange(286_000), rate_hz=1e6).n_background == 10_000


def test_the_threshold_of_a_gaussian():
    point = threshold_at_rate(quantiles(norm, 200_000), rate_hz=20, input_rate_hz=1e5)
    assert point.threshold == pytest.approx(norm.isf(2e-4), abs=0.02)
    assert (point.n_background, point.rate_hz, point.efficiency) == (40, pytest.approx(20), 2e-4)


def test_the_interval_is_the_binomial_one_in_hertz():
    point = threshold_at_rate(np.arange(100), rate_hz=7000, input_rate_hz=1e5)
    low, high = point.interval
    # Clopper and Pearson: 7 or more of 100 have probability 0.025 at the lower bound, 7 or fewer at the upper one.
    assert binom.sf(6, 100, low / 1e5) == pytest.approx(0.025)
    assert binom.cdf(7, 100, high / 1e5) == pytest.approx(0.025)


@given(distinct_or_tied, shares)
def test_the_rate_is_that_of_the_events_above_and_the_threshold_is_the_lowest(scores, share):
    if share * len(scores) < 1:
        return
    point = threshold_at_rate(scores, rate_hz=share * 1e6, input_rate_hz=1e6)
    assert point.threshold in scores
    assert point.n_background == np.sum(scores > point.threshold)
    assert point.rate_hz == pytest.approx(1e6 * np.mean(scores > point.threshold))
    assert point.rate_hz <= share * 1e6 * (1 + 1e-9)
    assert point.interval[0] <= point.rate_hz <= point.interval[1]
    lower = scores[scores < point.threshold]
    assert len(lower) == 0 or np.mean(scores > lower.max()) > share * (1 - 1e-9)


@given(distinct_or_tied, shares)
def test_it_is_the_threshold_of_the_true_positive_rate(scores, share):
    if share * len(scores) < 1:
        return
    point = threshold_at_rate(scores, rate_hz=share * 1e6, input_rate_hz=1e6)
    rate = tpr_at_fpr(scores, scores, share)
    assert (point.threshold, point.n_background) == (rate.threshold, rate.n_background)


def test_on_an_integer_grid_the_rate_falls_to_the_next_step():
    # 10 events each at 0 ... 9: above 8 are 10 of 100, above 7 are 20; 15 are asked.
    point = threshold_at_rate(np.repeat(np.arange(10), 10), rate_hz=15, input_rate_hz=100)
    assert (point.threshold, point.rate_hz, point.n_background) == (8, 10, 10)


def test_scores_that_all_tie_at_the_top_have_no_rate_above_them():
    point = threshold_at_rate(np.full(1000, 255), rate_hz=10, input_rate_hz=100)
    assert (point.threshold, point.rate_hz, point.n_background) == (255, 0, 0)
    # None of 1000: (1 - p)^1000 = 0.025.
    assert point.interval == (0, pytest.approx(100 * (1 - 0.025 ** (1 / 1000))))


def test_an_extrapolation_is_refused_with_the_number_of_events_that_it_takes():
    with pytest.raises(ValueError, match=r"at least 286,000 \(2,860,000 to have 10 .*Received: 285,999"):
        threshold_at_rate(np.arange(285_999), rate_hz=100)
    assert threshold_at_rate(np.arange(286_000), rate_hz=100).n_background == 1


@pytest.mark.parametrize(
    "rates", [{"rate_hz": 0}, {"rate_hz": -1}, {"rate_hz": 28.6e6}, {"rate_hz": np.nan}, {"rate_hz": np.inf}]
)
def test_an_impossible_rate_is_refused(rates):
    with pytest.raises(InputError, match="Expected: 0 < rate_hz < input_rate_hz"):
        threshold_at_rate(np.arange(10), **rates)


@pytest.mark.parametrize("bad", [np.array([]), np.array([1, np.nan]), np.ones((3, 1)), np.array([np.inf])])
def test_bad_scores_are_refused_by_name(bad):
    with pytest.raises(InputError, match="background_scores"):
        threshold_at_rate(bad, rate_hz=1, input_rate_hz=2)
    with pytest.raises(InputError, match="signal_scores"):
        signal_efficiency(1, bad)


def test_a_point_cannot_be_changed():
    point = threshold_at_rate(np.arange(10), rate_hz=1, input_rate_hz=2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.threshold = 0


# Tail


def test_a_countable_rate_is_counted_although_a_tail_is_allowed():
    counted = threshold_at_rate(np.arange(1000), rate_hz=1, input_rate_hz=1000, tail=True)
    assert (counted.method, counted.n_background) == ("counted", 1)


@pytest.mark.parametrize("shape", [-0.25, 0, 0.25])
def test_the_tail_of_a_generalized_pareto_sample_without_fluctuations(shape):
    distribution = genpareto(shape)
    point = threshold_at_rate(quantiles(distribution, 20_000), rate_hz=1, input_rate_hz=1e6, tail=True)
    assert point.method == "generalized Pareto tail"
    # Quantiles at the middle of each share end a little early: a scatter of 2 sqrt(20,000) events knows it to 10 %.
    assert point.threshold == pytest.approx(distribution.isf(1e-6), rel=0.05)
    assert point.rate_hz == pytest.approx(1)
    assert point.interval[0] < 1 < point.interval[1]
    assert point.n_background == 0


@pytest.mark.parametrize("distribution", [norm, student(3)], ids=["Gaussian", "power law"])
def test_the_interval_of_the_tail_covers(distribution):
    # 93 to 98 % of 60 to 200 toys with 1e4 to 1e5 events, ten times beyond the last one, for exponential, Gaussian,
    # chi-squared and power law; 89 to 94 % with 5,000 events. Here as many as time allows.
    rng = np.random.default_rng(1)

    def covers():
        scores = distribution.rvs(size=20_000, random_state=rng)
        point = threshold_at_rate(scores, rate_hz=1, input_rate_hz=200_000, tail=True)
        low, high = point.interval
        return low <= 200_000 * distribution.sf(point.threshold) <= high

    # With 95 % coverage, 30 toys give fewer than 26 in 1.6 % of all seeds; with 68 %, more than 25 in 3 %.
    assert np.sum([covers() for _ in range(30)]) >= 26


def test_the_interval_of_the_tail_is_wider_the_farther_it_goes():
    scores = quantiles(expon, 20_000)

    def width(rate_hz):
        point = threshold_at_rate(scores, rate_hz=rate_hz, input_rate_hz=1e6, tail=True)
        return point.interval[1] / point.rate_hz

    # 5, 15 and 53 times the rate; all would be 72 if the number of events in the tail were not in the likelihood.
    assert 2 < width(20) < 10 < width(2) < 30 < width(0.2) < 100


@pytest.mark.parametrize(
    "scores",
    [np.ones(10_000), np.repeat(np.arange(100), 100), np.arange(500)],
    ids=["equal", "coarse grid", "few"],
)
def test_no_tail_is_fitted_where_there_is_none(scores):
    with pytest.raises(InputError, match="no tail to fit"):
        threshold_at_rate(scores, rate_hz=1, input_rate_hz=1e6, tail=True)


# Signal


def test_signal_efficiency_takes_a_point_or_a_threshold():
    point = threshold_at_rate(np.arange(100), rate_hz=10, input_rate_hz=100)
    signal = np.arange(80, 100)
    efficiency = signal_efficiency(point, signal)
    assert efficiency == signal_efficiency(89, signal)
    assert efficiency.value == 0.5
    assert binom.sf(9, 20, efficiency.low) == pytest.approx(0.025)
    assert binom.cdf(10, 20, efficiency.high) == pytest.approx(0.025)


def test_a_threshold_that_is_not_a_number_is_refused():
    with pytest.raises(InputError, match="Expected: a score"):
        signal_efficiency(np.nan, np.arange(3))


def test_points_compare_by_what_they_say():
    scores = np.arange(100)
    point = threshold_at_rate(scores, rate_hz=10, input_rate_hz=100)
    assert point == OperatingPoint(89, 0.1, 10, point.interval, 10, "counted")
