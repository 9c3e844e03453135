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
    # Above the 41st highest score lie 41 of the 200,001 steps between scores.
    assert (point.n_background, point.efficiency) == (40, 41 / 200_001)
    assert point.rate_hz == pytest.approx(1e5 * 41 / 200_001)


def test_the_interval_is_that_of_the_eighth_highest_score_in_hertz():
    point = threshold_at_rate(np.arange(100), rate_hz=7000, input_rate_hz=1e5)
    low, high = point.interval
    # The share above the eighth highest of 100 scores is below p when eight or more of 100 are.
    assert binom.sf(7, 100, low / 1e5) == pytest.approx(0.025)
    assert binom.cdf(7, 100, high / 1e5) == pytest.approx(0.025)


def test_an_upper_limit_leaves_as_many_above_as_its_confidence_allows():
    point = threshold_at_rate(np.arange(100), rate_hz=20_000, input_rate_hz=1e5, at_most=0.95)
    k = point.n_background
    # A true share of 0.2 leaves k or fewer of 100 above the threshold in at most 5 %, one more in more than that.
    assert binom.cdf(k, 100, 0.2) <= 0.05 < binom.cdf(k + 1, 100, 0.2)
    assert point.rate_hz < 20_000


def test_an_upper_limit_says_how_many_events_it_takes():
    # (1 - 0.01)^n = 0.05 at 298.07.
    with pytest.raises(InputError, match=r"95 % confidence\. Expected: at least 299\. Received: 298"):
        threshold_at_rate(np.arange(298), rate_hz=1, input_rate_hz=100, at_most=0.95)
    assert threshold_at_rate(np.arange(299), rate_hz=1, input_rate_hz=100, at_most=0.95).n_background == 0
    with pytest.raises(InputError, match="0 < at_most < 1"):
        threshold_at_rate(np.arange(299), rate_hz=1, input_rate_hz=100, at_most=1)


def test_few_events_are_marked():
    rates = {"input_rate_hz": 1000}
    assert threshold_at_rate(np.arange(1000), rate_hz=9, **rates).few
    assert not threshold_at_rate(np.arange(1000), rate_hz=10, **rates).few


@given(distinct_or_tied, shares)
def test_the_rate_is_that_of_the_events_above_and_the_threshold_is_the_lowest(scores, share):
    if share * len(scores) < 1:
        return
    point = threshold_at_rate(scores, rate_hz=share * 1e6, input_rate_hz=1e6)
    assert point.threshold in scores
    assert point.n_background == np.sum(scores > point.threshold)
    assert point.rate_hz == pytest.approx(1e6 * (point.n_background + 1) / (len(scores) + 1))
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
    assert (point.threshold, point.n_background) == (8, 10)
    # Anything between ten and eleven steps of 101 may lie above: the interval is that of Clopper and Pearson.
    assert point.rate_hz == pytest.approx(100 * 11 / 101)
    assert binom.sf(9, 100, point.interval[0] / 100) == pytest.approx(0.025)
    assert binom.cdf(10, 100, point.interval[1] / 100) == pytest.approx(0.025)


def test_scores_that_all_tie_at_the_top_have_none_above_them():
    point = threshold_at_rate(np.full(1000, 255), rate_hz=10, input_rate_hz=100)
    assert (point.threshold, point.n_background) == (255, 0)
    assert point.rate_hz == pytest.approx(100 / 1001)
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
    point = threshold_at_rate(quantiles(distribution, 20_000), rate_hz=10, input_rate_hz=1e6, tail=True)
    assert point.method == "generalized Pareto tail"
    # Quantiles at the middle of each share end a little early: a scatter of 2 sqrt(20,000) events knows it to 10 %.
    assert point.threshold == pytest.approx(distribution.isf(1e-5), rel=0.05)
    assert point.interval[0] < 10 < point.rate_hz < point.interval[1]
    assert point.bounds[0] < point.threshold < point.bounds[1]
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

    # 2.6 to 10 times the expected rate.
    assert 2 < width(40) < width(15) < width(5.01) < 15


def test_an_extrapolation_too_far_is_refused_with_the_number_of_events_that_it_takes():
    with pytest.raises(InputError, match=r"for which 100,000 events would do\. Received: 1e-06 of 20,000"):
        threshold_at_rate(quantiles(expon, 20_000), rate_hz=1, input_rate_hz=1e6, tail=True)


@pytest.mark.parametrize(
    "scores",
    [np.ones(10_000), np.repeat(np.arange(100), 100), np.arange(500)],
    ids=["equal", "coarse grid", "few"],
)
def test_no_tail_is_fitted_where_there_is_none(scores):
    with pytest.raises(InputError, match="no tail to fit"):
        threshold_at_rate(scores, rate_hz=20, input_rate_hz=1e6, tail=True)


# Signal


def test_signal_efficiency_takes_a_point_or_a_threshold():
    point = threshold_at_rate(np.arange(100), rate_hz=10, input_rate_hz=100)
    signal = np.arange(80, 100)
    assert signal_efficiency(point, signal).value == signal_efficiency(89, signal).value == 0.5
    efficiency = signal_efficiency(89, signal)
    assert binom.sf(9, 20, efficiency.low) == pytest.approx(0.025)
    assert binom.cdf(10, 20, efficiency.high) == pytest.approx(0.025)


def test_the_efficiency_at_a_rate_is_the_true_positive_rate_at_its_share():
    rng = np.random.default_rng(5)
    background, signal = rng.normal(size=3000), rng.normal(1, 1, 500)
    found = signal_efficiency(threshold_at_rate(background, rate_hz=1, input_rate_hz=100), signal)
    rate = tpr_at_fpr(background, signal, 0.01)
    assert (found.value, found.low, found.high) == (rate.value, rate.low, rate.high)


def test_a_threshold_that_is_not_a_number_is_refused():
    with pytest.raises(InputError, match="Expected: a score"):
        signal_efficiency(np.nan, np.arange(3))


def test_points_compare_by_what_they_say():
    scores = np.arange(100)
    point = threshold_at_rate(scores, rate_hz=10, input_rate_hz=100)
    assert point == OperatingPoint(
        89,
        11 / 101,
        100 * 11 / 101,
        point.interval,
        10,
        "counted",
        few=False,
        share=0.1,
        bounds=point.bounds,
    )
