"""Two scores of the same events: closed forms, and intervals that hold what they promise in toys."""

import numpy as np
import pytest
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.metrics import tpr_at_fpr
from offshell.evaluate.separation.paired import Difference, auc_difference, verdict
from offshell.evaluate.separation.paired_rates import tpr_differences


def scores(rng, n, *, shift=(0.0, 0.0), correlation=0.8):
    """Two correlated Gaussian scores."""
    common = rng.normal(size=n) * np.sqrt(correlation)
    return tuple(common + rng.normal(size=n) * np.sqrt(1 - correlation) + mean for mean in shift)


def test_the_difference_is_that_of_both_areas():
    rng = np.random.default_rng(1)
    background, signal = scores(rng, 300), scores(rng, 200, shift=(0.5, 1.0))
    areas = [auc(background[i], signal[i]).value for i in range(2)]
    found = auc_difference(background, signal)
    assert found.value == pytest.approx(areas[1] - areas[0])
    assert found.low < found.value < found.high
    swapped = auc_difference(background[::-1], signal[::-1])
    assert (swapped.value, swapped.low) == pytest.approx((-found.value, -found.high))
    assert swapped.p_value == pytest.approx(found.p_value)


def test_variance_is_the_sum_over_all_pairs_of_delong():
    # Their structural components by double loops, ties included.
    rng = np.random.default_rng(2)
    background = tuple(rng.integers(0, 8, 30).astype(float) for _ in range(2))
    signal = tuple(rng.integers(2, 10, 20).astype(float) for _ in range(2))
    kernel = [np.sign(s[:, None] - b[None]) / 2 + 0.5 for b, s in zip(background, signal, strict=True)]
    by_signal, by_background = (np.cov([k.mean(axis=axis) for k in kernel]) for axis in (1, 0))
    covariance = by_signal / 20 + by_background / 30
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    found = auc_difference(background, signal)
    assert found.high - found.value == pytest.approx(norm.isf(0.025) * error)
    assert found.p_value == pytest.approx(2 * norm.sf(abs(found.value) / error))


def test_scores_that_share_the_fluctuations_of_events_are_told_apart_where_single_intervals_overlap():
    rng = np.random.default_rng(3)
    background, signal = (scores(rng, 3000, shift=s, correlation=0.98) for s in ((0, 0), (1.0, 1.1)))
    first, second = (auc(background[i], signal[i]) for i in range(2))
    assert first.high > second.low
    assert verdict(auc_difference(background, signal)) == "better"


def test_ten_copies_of_each_event_are_worth_one_when_they_are_grouped():
    rng = np.random.default_rng(4)
    background, signal = scores(rng, 200), scores(rng, 100, shift=(0.5, 1.0))
    copies = [tuple(np.repeat(of, 10) for of in pair) for pair in (background, signal)]
    grouped = auc_difference(
        *copies, background_groups=np.repeat(np.arange(200), 10), signal_groups=np.repeat(np.arange(100), 10)
    )
    once, alone = auc_difference(background, signal), auc_difference(*copies)
    assert grouped.high - grouped.low == pytest.approx(once.high - once.low)
    assert alone.high - alone.low == pytest.approx((once.high - once.low) / np.sqrt(10), rel=0.01)


def test_one_score_twice_is_no_difference_but_a_finite_sample():
    rng = np.random.default_rng(5)
    background, signal = rng.normal(size=1000), rng.normal(1, size=400)
    found = auc_difference((background,) * 2, (signal,) * 2)
    assert (found.value, found.p_value) == (0, 1)
    # None of 400: 1 - 0.025^(1/400)
    assert found.high == -found.low == pytest.approx(1 - 0.025 ** (1 / 400))
    assert verdict(found) == "equal"


def test_tpr_difference_is_that_of_the_two_rates():
    rng = np.random.default_rng(6)
    background, signal = scores(rng, 2000), scores(rng, 1000, shift=(0.5, 1.5))
    found = tpr_differences(background, {"s": signal}, {"1e-1": 0.1, "1e-2": 0.01, "1e-4": 1e-4})["s"]
    for key, fpr in (("1e-1", 0.1), ("1e-2", 0.01)):
        rates = [tpr_at_fpr(background[i], signal[i], fpr).value for i in range(2)]
        assert found[key].value == pytest.approx(rates[1] - rates[0])
        assert not found[key].few
    assert verdict(found["1e-1"]) == "better"
    assert found["1e-1"].p_value == pytest.approx(2 / 1001)
    assert found["1e-4"] == Difference(None, None, None, None, few=True)
    assert verdict(found["1e-4"]) == "–"


def test_copies_of_events_widen_the_bootstrap_only_in_groups():
    rng = np.random.default_rng(7)
    background, signal = scores(rng, 500), scores(rng, 300, shift=(0.5, 1.0))
    copies = [tuple(np.repeat(of, 9) for of in pair) for pair in (background, signal)]
    groups = [np.repeat(np.arange(n), 9) for n in (500, 300)]
    once, alone, grouped = (
        found["s"]["x"]
        for found in (
            tpr_differences(background, {"s": signal}, {"x": 0.1}),
            tpr_differences(copies[0], {"s": copies[1]}, {"x": 0.1}),
            tpr_differences(
                copies[0],
                {"s": copies[1]},
                {"x": 0.1},
                background_groups=groups[0],
                signal_groups={"s": groups[1]},
            ),
        )
    )
    width = once.high - once.low
    assert grouped.high - grouped.low == pytest.approx(width, rel=0.15)
    assert alone.high - alone.low < width / 2


@pytest.mark.parametrize(
    ("difference", "word"),
    [
        (Difference(0.1, 0.02, 0.2, 0.01), "better"),
        (Difference(-0.1, -0.2, -0.02, 0.01), "worse"),
        (Difference(0.001, 0.0005, 0.002, 0.01), "better"),
        (Difference(0.001, -0.005, 0.006, 0.5), "equal"),
        (Difference(0.001, -0.02, 0.03, 0.5), "undecided"),
        (Difference(0.1, 0.02, 0.2, 0.01, few=True), "undecided"),
    ],
)
def test_words_come_from_the_interval(difference, word):
    assert verdict(difference) == word


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda a: auc_difference((a, a[:5]), (a, a)), r"background cannot be paired.*10 and 5"),
        (lambda a: auc_difference((a, a), (a, a * np.nan)), "signal are not finite"),
        (lambda a: auc_difference((a, a), (a, a), signal_groups=np.arange(3)), r"Groups do not fit.*\(10,\)"),
        (lambda a: tpr_differences((a, a), {"s": (a, a)}, {"x": 1.5}), r"0 < share < 1\. Received: 1\.5"),
    ],
)
def test_bad_input_gets_one_line(call, message):
    with pytest.raises(InputError, match=message) as caught:
        call(np.arange(10.0))
    assert "\n" not in str(caught.value)


def coverage(n_toys, n_background, n_signal, *, n_copies=1, seed=8):
    """Shares of toys whose intervals hold the true differences, which are known for Gaussians; and of p-values below .05 of none."""
    shifts, fpr = (0.5, 0.8), 0.05
    true_auc = float(np.diff(norm.cdf(np.array(shifts) / np.sqrt(2)))[0])
    true_tpr = float(np.diff(norm.sf(norm.isf(fpr) - np.array(shifts)))[0])
    held, false = np.zeros(2), np.zeros(2)
    rng = np.random.default_rng(seed)
    for _ in range(n_toys):
        background = tuple(np.repeat(of, n_copies) for of in scores(rng, n_background))
        groups = {"background_groups": np.repeat(np.arange(n_background), n_copies)}
        different = scores(rng, n_signal, shift=shifts)
        alike = scores(rng, n_signal, shift=(0.5, 0.5))
        areas = [auc_difference(background, signal, **groups) for signal in (different, alike)]
        signals = {"different": different, "alike": alike}
        rates = tpr_differences(background, signals, {"x": fpr}, **groups)
        found = [areas[0], rates["different"]["x"]]
        held += [f.low <= t <= f.high for f, t in zip(found, (true_auc, true_tpr), strict=True)]
        false += [f.p_value < 0.05 for f in (areas[1], rates["alike"]["x"])]
    return held / n_toys, false / n_toys


def test_intervals_cover_in_a_few_toys(monkeypatch):
    monkeypatch.setattr("offshell.evaluate.separation.paired_rates._REPLICAS", 200)
    held, false = coverage(100, 600, 300)
    # 95 of 100 with a standard deviation of 2.2; 5 of 100 alike.
    assert (held >= 0.88).all()
    assert (false <= 0.12).all()


@pytest.mark.slow
@pytest.mark.parametrize(("n_background", "n_copies"), [(1000, 1), (400, 5)])
def test_intervals_cover_in_many_toys(n_background, n_copies):
    held, false = coverage(400, n_background, 500, n_copies=n_copies)
    # The standard deviation of 95 % of 400 is 1.1 %.
    assert (abs(held - 0.95) < 0.035).all()
    # Of 1000 toys with 20 groups of the background behind the threshold, .052 and .013 of the p-values were below .05: the
    # bootstrap of rates is on the safe side where there are few.
    assert abs(false[0] - 0.05) < 0.035
    assert false[1] < 0.085
