"""Weights of either sign in every metric, against counting and against toys."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn import metrics as sklearn_metrics

from offshell.errors import InputError
from offshell.evaluate import (
    auc,
    efficiencies_at_rates,
    p_value,
    roc_curve,
    signal_efficiency,
    significance_improvement,
    threshold_at_rate,
    tpr_at_fpr,
)

RNG = np.random.default_rng(12)
BACKGROUND, SIGNAL = RNG.normal(size=600), RNG.normal(1, 1, 200)
TWICE = np.full(600, 2.0), np.full(200, 2.0)


def as_tuple(found):
    return tuple(vars(found).values())


@pytest.mark.parametrize(
    "metric",
    [
        lambda **w: as_tuple(auc(BACKGROUND, SIGNAL, **w)),
        lambda **w: as_tuple(tpr_at_fpr(BACKGROUND, SIGNAL, 0.05, **w)),
        lambda **w: as_tuple(significance_improvement(BACKGROUND, SIGNAL, **w)),
    ],
)
def test_what_all_events_weigh_alike_does_not_matter(metric):
    assert metric(weights=TWICE[0], signal_weights=TWICE[1]) == pytest.approx(metric())


def test_neither_does_it_for_thresholds_efficiencies_and_p_values():
    rates = {"rate_hz": 1, "input_rate_hz": 20}
    point, of_twice = (threshold_at_rate(BACKGROUND, **rates, weights=w) for w in (None, TWICE[0]))
    numbers = [(p.threshold, p.rate_hz, *p.interval, *p.bounds) for p in (of_twice, point)]
    assert numbers[0] == pytest.approx(numbers[1])
    assert as_tuple(signal_efficiency(point, SIGNAL, weights=TWICE[1])) == pytest.approx(
        as_tuple(signal_efficiency(point, SIGNAL))
    )
    np.testing.assert_allclose(p_value(BACKGROUND, SIGNAL, weights=TWICE[0]), p_value(BACKGROUND, SIGNAL))
    scores = {"mse": BACKGROUND}, {"A": {"mse": SIGNAL}}
    plain = efficiencies_at_rates(*scores, rates_hz={"1": 1.0}, input_rate_hz=20)["1"]["mse"]["A"]
    heavy = efficiencies_at_rates(
        *scores,
        rates_hz={"1": 1.0},
        input_rate_hz=20,
        weights=TWICE[0],
        signal_weights={"A": TWICE[1]},
    )["1"]["mse"]["A"]
    assert heavy == pytest.approx(plain)


def test_values_are_those_of_scikit_learn():
    weights, signal_weights = RNG.uniform(0.1, 3, 600), RNG.uniform(0.1, 3, 200)
    truth, scores = np.repeat([0, 1], [600, 200]), np.concatenate([BACKGROUND, SIGNAL])
    both = np.concatenate([weights, signal_weights])
    area = auc(BACKGROUND, SIGNAL, weights=weights, signal_weights=signal_weights)
    assert area.value == pytest.approx(sklearn_metrics.roc_auc_score(truth, scores, sample_weight=both))
    fpr, tpr = roc_curve(BACKGROUND, SIGNAL, weights=weights, signal_weights=signal_weights)
    expected_fpr, expected_tpr, _ = sklearn_metrics.roc_curve(
        truth, scores, sample_weight=both, drop_intermediate=False
    )
    np.testing.assert_allclose(np.interp(fpr, expected_fpr, expected_tpr), tpr, atol=0.01)


def test_an_event_and_its_counterpart_are_not_there():
    background = np.concatenate([BACKGROUND, [9.0, 9.0]])
    weights, groups = np.append(np.ones(600), [5.0, -5.0]), np.append(np.arange(600), [600, 600])
    found = auc(background, SIGNAL, weights=weights, groups=groups)
    expected = auc(BACKGROUND, SIGNAL)
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high), rel=2e-3
    )


def test_weights_that_cancel_are_refused():
    with pytest.raises(InputError, match=r"Wrong weights of background.*positive sum"):
        auc(BACKGROUND, SIGNAL, weights=-np.ones(600))
    with pytest.raises(InputError, match=r"Wrong weights of signal.*shape \(3,\)"):
        auc(BACKGROUND, SIGNAL, signal_weights=np.ones(3))
    against = np.where(SIGNAL > 1, -1.0, 3.0)
    with pytest.raises(InputError, match="share between 0 and 1"):
        signal_efficiency(1.0, SIGNAL, weights=against)
    against = np.where(BACKGROUND > 1, -1.0, 3.0)
    with pytest.raises(InputError, match="highest events cancel"):
        threshold_at_rate(BACKGROUND, rate_hz=1, input_rate_hz=20, weights=against)
    with pytest.raises(InputError, match="p-value cannot be had from negative"):
        p_value(BACKGROUND, SIGNAL, weights=against)


def signed(rng, n_events):
    """Weights as a generator beyond leading order has them: a fifth of the events count minus one."""
    return np.where(rng.uniform(size=n_events) < 0.2, -1.0, 1.0)


def test_intervals_of_signed_weights_cover():
    rng, truth = np.random.default_rng(13), norm.cdf(1 / np.sqrt(2))
    point = norm.isf(0.05)

    def covers():
        background, signal = rng.normal(size=3000), rng.normal(1, 1, 1500)
        weights, signal_weights = signed(rng, 3000), signed(rng, 1500)
        both = {"weights": weights, "signal_weights": signal_weights}
        area = auc(background, signal, **both)
        rate = tpr_at_fpr(background, signal, 0.05, **both)
        found = threshold_at_rate(background, rate_hz=5, input_rate_hz=100, weights=weights)
        low, high = found.interval
        return (
            area.low <= truth <= area.high,
            rate.low <= norm.sf(point - 1) <= rate.high,
            low <= 100 * norm.sf(found.threshold) <= high,
        )

    # Of 200 toys 95 % are 190 +- 3.1; without the effective numbers, which are 0.36 times the events, it is 76 %.
    coverage = np.sum([covers() for _ in range(200)], axis=0)
    assert (coverage >= 190 - 4 * 3.1).all(), coverage
