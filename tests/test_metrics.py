"""Metrics against closed forms, brute force and scikit-learn; intervals against their coverage."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, norm
from sklearn import metrics as sklearn_metrics

from offshell.errors import InputError
from offshell.evaluate import auc, roc_curve, significance_improvement, tpr_at_fpr


def normal_quantiles(n_events, mean):
    """A sample without fluctuations: n equally likely quantiles of a Gaussian."""
    return norm.ppf((np.arange(n_events) + 0.5) / n_events, loc=mean)


def coverage(covers, n_toys):
    """The share of seeded toys, two Gaussians one standard deviation apart, for which `covers` holds."""
    rng = np.random.default_rng(20)
    return np.mean([covers(rng.normal(0, 1, 1000), rng.normal(1, 1, 400)) for _ in range(n_toys)])


distinct_or_tied = st.integers(1, 40).flatmap(
    lambda n_values: arrays(np.int64, st.integers(1, 60), elements=st.integers(0, n_values))
)
rates = st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.5, 0.9])


# Area under the ROC curve


@pytest.mark.parametrize("distance", [-1.0, 0.0, 0.5, 2.0])
def test_auc_of_two_gaussians(distance):
    area = auc(normal_quantiles(20_000, 0), normal_quantiles(10_000, distance))
    assert area.value == pytest.approx(norm.cdf(distance / np.sqrt(2)), abs=2e-4)


def test_ties_count_half():
    # The signal at 2 outranks one of three and ties with two, the one at 3 outranks all three.
    assert auc(np.array([1, 2, 2]), np.array([2, 3])).value == pytest.approx((1 + 2 / 2 + 3) / 6)
    assert auc(np.zeros(5), np.zeros(7)).value == 0.5


@given(distinct_or_tied, distinct_or_tied)
def test_auc_is_that_of_scikit_learn(background, signal):
    truth = np.repeat([0, 1], [len(background), len(signal)])
    expected = sklearn_metrics.roc_auc_score(truth, np.concatenate([background, signal]))
    assert auc(background, signal).value == pytest.approx(expected)


@given(distinct_or_tied, distinct_or_tied)
def test_a_reversed_score_has_the_mirrored_auc(background, signal):
    forward, backward = auc(background, signal), auc(-background, -signal)
    assert backward.value == pytest.approx(1 - forward.value)
    assert backward.low == pytest.approx(1 - forward.high)


@given(distinct_or_tied, distinct_or_tied, rates)
def test_metrics_depend_on_the_order_of_scores_only(background, signal, fpr):
    def stretched(scores):
        return np.exp(scores / 7.0) - 3

    assert auc(stretched(background), stretched(signal)) == auc(background, signal)
    plain, other = (
        tpr_at_fpr(background, signal, fpr),
        tpr_at_fpr(stretched(background), stretched(signal), fpr),
    )
    assert (other.value, other.low, other.high, other.n_background) == (
        plain.value,
        plain.low,
        plain.high,
        plain.n_background,
    )
    assert significance_improvement(stretched(background), stretched(signal)) == significance_improvement(
        background, signal
    )


def test_the_variance_is_that_of_delong():
    rng = np.random.default_rng(3)
    background, signal = rng.integers(0, 9, 80), rng.integers(2, 11, 60)
    outranks = (signal[:, None] > background) + 0.5 * (signal[:, None] == background)
    variance = outranks.mean(1).var(ddof=1) / 60 + outranks.mean(0).var(ddof=1) / 80
    area = auc(background, signal)
    slope = area.value * (1 - area.value)
    reach = np.log(area.high / (1 - area.high)) - np.log(area.value / (1 - area.value))
    assert reach * slope == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-6)


def test_complete_separation_is_uncertain_as_far_as_the_events_go():
    apart = auc(np.arange(100), 1000 + np.arange(20))
    # Zero of 20 pairs in the wrong order: (1 - p)^20 = 0.025.
    assert (apart.value, apart.high) == (1, 1)
    assert apart.low == pytest.approx(0.025 ** (1 / 20))
    assert auc(1000 + np.arange(20), np.arange(100)).high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_one_signal_event_says_little():
    area = auc(np.arange(1000.0), np.array([700.5]))
    assert area.value == pytest.approx(0.701)
    assert area.low < 0.1
    assert area.high > 0.9


def test_the_interval_of_auc_covers():
    truth = norm.cdf(1 / np.sqrt(2))

    def covers(background, signal):
        area = auc(background, signal)
        return area.low <= truth <= area.high

    assert 0.92 < coverage(covers, n_toys=400) < 0.98


# True positive rate at a false positive rate


@pytest.mark.parametrize("fpr", [1e-1, 1e-2, 1e-3])
def test_tpr_of_two_gaussians(fpr):
    rate = tpr_at_fpr(normal_quantiles(200_000, 0), normal_quantiles(50_000, 1.5), fpr)
    assert rate.value == pytest.approx(norm.sf(norm.isf(fpr) - 1.5), rel=2e-3)
    assert rate.threshold == pytest.approx(norm.isf(fpr), abs=5e-3)
    assert rate.n_background == round(200_000 * fpr)


@given(distinct_or_tied, distinct_or_tied, rates)
def test_the_threshold_is_the_lowest_score_that_keeps_the_false_positive_rate(background, signal, fpr):
    rate = tpr_at_fpr(background, signal, fpr)
    assert rate.threshold in background
    assert rate.n_background == np.sum(background > rate.threshold) <= fpr * len(background) + 1e-9
    lower = background[background < rate.threshold]
    assert len(lower) == 0 or np.sum(background > lower.max()) > fpr * len(background) - 1e-9
    if rate.n_background:
        assert rate.value == np.mean(signal > rate.threshold)
        assert 0 <= rate.low <= rate.value <= rate.high <= 1


@given(distinct_or_tied, distinct_or_tied, rates)
def test_a_rate_on_no_background_is_not_given_and_one_on_few_is_marked(background, signal, fpr):
    rate = tpr_at_fpr(background, signal, fpr)
    assert (rate.value is None) == (rate.low is None) == (rate.high is None) == (rate.n_background == 0)
    assert rate.few == (rate.n_background < 10)


def test_ten_background_events_are_not_few():
    scores = np.arange(1000)
    assert tpr_at_fpr(scores, scores, 0.009).few
    assert not tpr_at_fpr(scores, scores, 0.010).few


def test_rounding_does_not_lose_an_event():
    assert 0.29 * 100 < 29
    assert tpr_at_fpr(np.arange(100), np.arange(100), 0.29).n_background == 29


def test_a_false_positive_rate_next_to_one_passes_all_but_the_lowest_scores():
    assert tpr_at_fpr(np.arange(100), np.arange(100), np.nextafter(1, 0)).threshold == 0


def test_scores_that_all_tie_at_the_top_give_no_rate():
    rate = tpr_at_fpr(np.array([0.0] * 50 + [1.0] * 50), np.ones(10), 0.1)
    assert (rate.value, rate.n_background) == (None, 0)


def test_with_endless_background_the_interval_is_the_binomial_one():
    signal = np.where(np.arange(20) < 8, 2.0, 0.0)
    rate = tpr_at_fpr(np.linspace(0, 1.1, 10_000), signal, 0.1)
    assert rate.value == 0.4
    # Clopper and Pearson: 8 or more of 20 have probability 0.025 at the lower bound, 8 or fewer at the upper one.
    assert binom.sf(7, 20, rate.low) == pytest.approx(0.025)
    assert binom.cdf(8, 20, rate.high) == pytest.approx(0.025)


def test_with_endless_signal_the_interval_is_that_of_the_threshold():
    # 100 background events on a line, ten of them allowed: Binomial(100, 0.1) is 5 to 16 in its central 95 %, so the
    # threshold is between the 5th and the 17th highest score.
    rate = tpr_at_fpr(np.arange(100) / 100, np.linspace(0, 1, 1_000_001), 0.1)
    assert rate.value == pytest.approx(0.11, abs=1e-4)
    assert (rate.low, rate.high) == (pytest.approx(0.05, abs=1e-3), pytest.approx(0.17, abs=1e-3))


def test_few_background_events_allow_no_lower_bound():
    assert tpr_at_fpr(np.arange(300), np.arange(200, 400), 0.01).low == 0
    assert tpr_at_fpr(np.arange(500), np.arange(400, 600), 0.01).low > 0


@pytest.mark.parametrize("fpr", [0.1, 0.02])
def test_the_interval_of_tpr_covers(fpr):
    truth = norm.sf(norm.isf(fpr) - 1)

    def covers(background, signal):
        rate = tpr_at_fpr(background, signal, fpr)
        return rate.low <= truth <= rate.high

    assert 0.93 < coverage(covers, n_toys=150) < 0.995


@pytest.mark.parametrize("fpr", [0, 1, -0.1, np.nan])
def test_an_impossible_false_positive_rate_is_refused(fpr):
    with pytest.raises(InputError, match="Expected: 0 < fpr < 1"):
        tpr_at_fpr(np.arange(3), np.arange(3), fpr)


# Significance improvement


def test_improvement_of_a_signal_in_the_upper_tenth_of_the_background():
    # TPR = min(1, 10 FPR), so TPR / sqrt(FPR) is largest where the two meet, sqrt(10) at FPR = 0.1.
    background, signal = np.linspace(0, 1, 100_000), np.linspace(0.9, 1, 50_000)[1:]
    best = significance_improvement(background, signal)
    assert best.value == pytest.approx(np.sqrt(10), rel=1e-3)
    assert best.fpr == pytest.approx(0.1, rel=1e-3)
    assert best.low < np.sqrt(10) < best.high


def test_with_endless_signal_the_improvement_is_as_uncertain_as_the_background_count():
    # 1 / sqrt(FPR) from 100 of 1000 events: half the relative binomial error of the count, in the logarithm.
    best = significance_improvement(np.arange(1000.0), np.linspace(899.001, 1000, 1_000_000))
    assert best.fpr == pytest.approx(0.1)
    assert best.high / best.value == pytest.approx(np.exp(1.96 / 2 * np.sqrt(1 / 100 - 1 / 1000)), rel=1e-3)


def test_improvement_of_two_gaussians():
    best = significance_improvement(normal_quantiles(100_000, 0), normal_quantiles(100_000, 1))
    threshold = np.linspace(-2, 3, 5001)
    assert best.value == pytest.approx(np.max(norm.sf(threshold - 1) / np.sqrt(norm.sf(threshold))), rel=1e-3)


@given(distinct_or_tied, distinct_or_tied)
def test_the_improvement_is_the_largest_of_all_thresholds_that_keep_ten_background_events(background, signal):
    assume(len(background) >= 10)
    above = [(np.sum(background > t), np.mean(signal > t)) for t in [*background, -1]]
    allowed = [tpr / np.sqrt(n / len(background)) for n, tpr in above if n >= 10]
    best = significance_improvement(background, signal)
    assert best.value == pytest.approx(max(allowed))
    assert 1 <= best.low <= best.value <= best.high


def test_a_score_that_does_not_help_improves_nothing():
    best = significance_improvement(np.arange(100, 200), np.arange(50))
    assert (best.value, best.fpr, best.low) == (1, 1, 1)
    assert best.high < 1.1


def test_fewer_than_ten_background_events_give_no_improvement():
    best = significance_improvement(np.arange(9), np.arange(50))
    assert (best.value, best.low, best.high, best.fpr) == (None, None, None, None)


@pytest.mark.parametrize("distance", [0, 2])
def test_the_interval_of_the_improvement_covers(distance):
    thresholds = np.linspace(-9, norm.isf(10 / 1000), 2000)
    truth = np.max(norm.sf(thresholds - distance) / np.sqrt(norm.sf(thresholds)))
    rng = np.random.default_rng(21)
    intervals = [
        significance_improvement(rng.normal(0, 1, 1000), rng.normal(distance, 1, 400)) for _ in range(100)
    ]
    assert np.mean([best.low <= truth + 1e-9 and truth <= best.high for best in intervals]) > 0.9


# ROC curve


@given(distinct_or_tied, distinct_or_tied)
def test_every_point_of_the_curve_is_one_of_scikit_learn(background, signal):
    fpr, tpr = roc_curve(background, signal)
    truth = np.repeat([0, 1], [len(background), len(signal)])
    scores = np.concatenate([background, signal])
    expected_fpr, expected_tpr, _ = sklearn_metrics.roc_curve(truth, scores, drop_intermediate=False)
    expected = set(zip(expected_fpr.round(9), expected_tpr.round(9), strict=True))
    assert set(zip(fpr.round(9), tpr.round(9), strict=True)) <= expected
    assert (fpr[-1], tpr[-1]) == (1, 1)
    assert (np.diff(fpr) > 0).all()
    assert (np.diff(tpr) >= 0).all()


def test_the_curve_is_thin_and_evenly_spaced_in_log_fpr():
    fpr, _ = roc_curve(np.arange(100_000), np.arange(50_000, 150_000))
    assert 150 < len(fpr) < 400
    assert fpr[0] == pytest.approx(1e-5)
    assert np.diff(np.log(fpr[fpr > 1e-3])).max() < 0.05


# Input


@pytest.mark.parametrize(
    "metric", [auc, roc_curve, significance_improvement, lambda b, s: tpr_at_fpr(b, s, 0.1)]
)
@pytest.mark.parametrize(
    ("bad", "received"),
    [
        (np.array([1.0, np.nan]), "1 NaN or inf"),
        (np.array([np.inf, 1.0]), "1 NaN or inf"),
        (np.array([]), r"\(0,\)"),
        (np.ones((3, 1)), r"\(3, 1\)"),
    ],
)
def test_bad_scores_are_refused_by_name(metric, bad, received):
    with pytest.raises(InputError, match=f"background.*Received: {received}"):
        metric(bad, np.arange(20.0))
    with pytest.raises(InputError, match=f"signal.*Received: {received}"):
        metric(np.arange(20.0), bad)
