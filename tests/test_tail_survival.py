"""How much of one tail is in another: closed forms, chance, and coverage in toys."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, spearmanr

from offshell.errors import InputError
from offshell.evaluate.separation.tail_survival import tail_survival

CORRELATION = 0.9


def gaussian_pair(rng, n, correlation=CORRELATION):
    common = rng.normal(size=n)
    return common, correlation * common + np.sqrt(1 - correlation**2) * rng.normal(size=n)


def true_survival(share, correlation=CORRELATION):
    """P(second above | first above) of two Gaussians."""
    at = norm.isf(share)
    width = np.sqrt(1 - correlation**2)
    joint = quad(lambda x: norm.pdf(x) * norm.sf((at - correlation * x) / width), at, at + 10)[0]
    return joint / share


def test_all_half_and_none():
    first = np.arange(10_000.0)
    for n_lost, expected in ((0, 1.0), (50, 0.5), (100, 0.0)):
        second = np.where(first < 10_000 - n_lost, first, -first)
        found = tail_survival(first, second)["1e-2"]
        assert (found.value, found.n_events) == (expected, 100)
        assert found.low <= found.value <= found.high


def test_a_monotonic_change_of_scale_keeps_everything():
    first = np.random.default_rng(1).normal(size=20_000)
    found = tail_survival(first, np.exp(3 * first))
    assert [of.value for of in found.values()] == [1, 1, 1]
    assert [of.few for of in found.values()] == [False, False, True]


def test_unrelated_scores_share_what_chance_does():
    rng = np.random.default_rng(2)
    found = tail_survival(rng.normal(size=200_000), rng.normal(size=200_000), shares={"x": 0.05})["x"]
    assert found.low < 0.05 < found.high
    assert found.value == pytest.approx(0.05, abs=0.01)


def test_a_high_rank_correlation_may_keep_only_part_of_the_tail():
    first, second = gaussian_pair(np.random.default_rng(3), 400_000)
    assert spearmanr(first, second).statistic == pytest.approx(0.89, abs=0.01)
    found = tail_survival(first, second)["1e-3"]
    assert found.value == pytest.approx(true_survival(1e-3), abs=0.06)
    assert found.value < 0.6


def test_no_tail_no_survival():
    first = np.arange(1000.0)
    assert tail_survival(first, first)["1e-4"].value is None
    tied = tail_survival(first, np.zeros(1000))["1e-2"]
    assert tied.value is None
    assert tied.few


@pytest.mark.parametrize(
    ("first", "second", "shares", "message"),
    [
        (np.arange(3.0), np.arange(4.0), {"x": 0.5}, r"cannot be paired.*3 and 4"),
        (np.arange(3.0), np.arange(3.0), {"x": 1.0}, "0 < share < 1"),
        (np.arange(3.0), np.full(3, np.nan), {"x": 0.5}, "second are not finite"),
    ],
)
def test_bad_input_gets_one_line(first, second, shares, message):
    with pytest.raises(InputError, match=message):
        tail_survival(first, second, shares=shares)


def coverage(n_toys, n_events, share, seed=4):
    rng, true = np.random.default_rng(seed), true_survival(share)
    found = [tail_survival(*gaussian_pair(rng, n_events), shares={"x": share})["x"] for _ in range(n_toys)]
    return np.mean([of.low <= true <= of.high for of in found])


def test_the_interval_covers_the_survival_beyond_the_true_thresholds():
    # At least 95 %, because thresholds from the same events make the binomial interval too long; one in a hundred less for 200 toys.
    assert coverage(200, 4000, 0.01) >= 0.94


@pytest.mark.slow
@pytest.mark.parametrize(("n_events", "share"), [(100_000, 1e-3), (10_000, 1e-2), (20_000, 1e-3)])
def test_the_interval_covers_in_many_toys(n_events, share):
    assert 0.95 <= coverage(2000, n_events, share) <= 0.995
