"""Intervals hold the truth as often as they say: a few toys every day, many in the slow suite."""

import numpy as np
import pytest
from interval_toys import area, complement, efficiency, families, rate, tail, weighted
from scipy.stats import binom, expon, lognorm, norm
from scipy.stats import t as student

FEW, MANY = 60, 400


def enough(n_toys, coverage=0.95):
    """So few toys hold the truth by chance in 1e-4 of all seeds only."""
    return binom.ppf(1e-4, n_toys, coverage)


def held(toy, n_toys, *arguments, **options):
    """How many toys hold the truth, for each of their intervals."""
    rng = np.random.default_rng(8)
    return np.sum([toy(rng, *arguments, **options) for _ in range(n_toys)], axis=0)


def daily_and_slow(*settings):
    """Each setting with few toys, and all of them with many in the slow suite."""
    few = [pytest.param(FEW, *setting) for setting in settings[:1]]
    return few + [pytest.param(MANY, *setting, marks=pytest.mark.slow) for setting in settings]


@pytest.mark.parametrize(("n_toys", "n_events", "rate_hz"), daily_and_slow((5_000, 8e3), (40_000, 1e4)))
def test_the_expected_rate_is_the_mean_of_the_true_ones(n_toys, n_events, rate_hz):
    rng = np.random.default_rng(1)
    some = [rate(rng, n_events, rate_hz) for _ in range(10 * n_toys)]
    true, expected = (np.array(values) for values in zip(*((x, p.rate_hz) for x, p in some), strict=True))
    assert abs(true.mean() - expected[0]) < 4 * true.std() / np.sqrt(len(true))
    counted = some[0][1].n_background / n_events * 28.6e6
    assert true.mean() - counted > 4 * true.std() / np.sqrt(len(true))  # k / n would be seen to be too low
    within = sum(p.interval[0] <= x <= p.interval[1] for x, p in some)
    assert enough(len(some)) <= within <= len(some) - enough(len(some), 0.05)


@pytest.mark.parametrize(("n_toys", "n_events"), daily_and_slow((20_000,), (100_000,)))
def test_an_upper_limit_holds_with_its_confidence(n_toys, n_events):
    rng = np.random.default_rng(2)
    kept = [rate(rng, n_events, 1e4, at_most=0.9)[0] <= 1e4 for _ in range(2 * n_toys)]
    assert sum(kept) >= enough(len(kept), 0.9)


@pytest.mark.parametrize(
    ("n_toys", "n_events", "rate_hz"),
    daily_and_slow((10_000, 4e4), (40_000, 1e4), (40_000, 1e3), (300_000, 1e3)),
)
def test_efficiencies_at_a_rate_cover(n_toys, n_events, rate_hz):
    at_rate, at_threshold = held(efficiency, n_toys, n_events, rate_hz)
    assert at_rate >= enough(n_toys)
    assert at_threshold < enough(n_toys)  # the threshold is not certain


@pytest.mark.parametrize(
    ("n_toys", "n_events", "rate_hz"), daily_and_slow((10_000, 4e4), (40_000, 1e4), (40_000, 1e3))
)
def test_what_only_the_detector_takes_covers(n_toys, n_events, rate_hz):
    n_toys //= 4
    assert (held(complement, n_toys, n_events, rate_hz) >= enough(n_toys)).all()


@pytest.mark.parametrize(("n_toys", "n_events", "fpr"), daily_and_slow((10_000, 1e-2), (40_000, 1e-3)))
def test_intervals_of_events_with_parents_cover(n_toys, n_events, fpr):
    # Effective numbers are estimates themselves; that they are takes two percent of the coverage.
    assert (held(families, n_toys, n_events, fpr) >= enough(n_toys, 0.93)).all()
    assert (held(families, n_toys, n_events, fpr, known=False) < enough(n_toys, 0.93)).all()


@pytest.mark.slow
@pytest.mark.parametrize("fpr", [1e-2, 2e-3])
def test_intervals_of_weighted_events_cover(fpr):
    assert (held(weighted, MANY, 10_000, fpr) >= enough(MANY, 0.94)).all()


@pytest.mark.parametrize(
    ("n_toys", "n_signal", "distance"),
    [
        (5 * FEW, 5, 0.5),
        (5 * FEW, 9, 2),
        *(
            pytest.param(5 * MANY, n, distance, marks=pytest.mark.slow)
            for n in (2, 3, 9, 30)
            for distance in (0.5, 1, 2)
        ),
    ],
)
def test_areas_of_few_events_cover(n_toys, n_signal, distance):
    assert held(area, n_toys, n_signal, distance)[0] >= enough(n_toys, 0.94)


@pytest.mark.slow
@pytest.mark.parametrize("distribution", [expon, norm, student(3), lognorm(1)])
@pytest.mark.parametrize(("beyond", "least", "most"), [(2, 0.8, 1.2), (10, 0.65, 1.35)])
def test_expected_rates_of_tails_are_calibrated(distribution, beyond, least, most):
    rng = np.random.default_rng(3)
    true, expected, within = np.array([tail(rng, distribution, beyond) for _ in range(200)]).T
    error = true.std() / np.sqrt(len(true)) / expected.mean()
    # What the documentation says, with three standard deviations of the mean of the toys.
    assert least - 3 * error < true.mean() / expected.mean() < most + 3 * error
    assert within.sum() >= enough(200, 0.92)
