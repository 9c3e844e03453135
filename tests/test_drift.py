"""Tests of a block against a reference: closed forms, false alarms, and drifts that are there."""

import numpy as np
import pytest
from scipy.special import kolmogorov
from scipy.stats import binom, ks_2samp, kstest, kstwo

from offshell.errors import InputError
from offshell.monitor.drift import CHARTS, Reference

LINE = (np.arange(100_000) + 0.5) / 100_000


def test_the_rate_p_value_is_that_of_two_counts_with_one_rate():
    # 5 above 0.9 in a block of 10, 10 of 100 in the reference: 15 events of which a share 10/110 belongs to the block.
    compared = Reference((np.arange(100) + 0.5) / 100, threshold=0.9).compare(
        np.r_[np.full(5, 0.95), np.zeros(5)]
    )
    more = binom.sf(4, 15, 10 / 110)
    assert compared.rate_p_value == pytest.approx(more)  # nothing on the other side is as unlikely


def test_the_evidence_for_a_rate_is_the_likelihood_ratio():
    # No uncertainty of the reference with all its events below: the rate is at most 1 - 0.025^(1/n).
    highest = 1 - 0.025 ** (1 / 100_000)
    compared = Reference(LINE, threshold=2.0).compare(np.array([3.0, 0.5, 0.5]))
    expected = np.log(1.25) + 2 * np.log((1 - 1.25 * highest) / (1 - highest))
    assert compared.log_evidence["rate up"] == pytest.approx(expected)
    assert compared.log_evidence["rate down"] == 0  # there is no rate below none


def test_the_evidence_for_a_rate_is_one_on_average_at_the_end_of_the_interval():
    reference = Reference(LINE[:1000], threshold=0.0099)
    n_passed = np.arange(21)
    evidence = [reference.compare(np.r_[np.ones(k), np.full(20 - k, -1.0)]).log_evidence for k in n_passed]
    # Clopper and Pearson for all but ten of 1000: the share above is low ... high.
    n_above = int((LINE[:1000] > 0.0099).sum())
    assert n_above == 10
    low, high = _bounds(10, 1000)
    for name, rate in (("rate up", high), ("rate down", low)):
        mean = np.sum(binom.pmf(n_passed, 20, rate) * np.exp([e[name] for e in evidence]))
        assert mean == pytest.approx(1)


def _bounds(n_passed, n_events, highest=0.05):
    shares = np.linspace(0, highest, 500_001)
    return (
        shares[np.argmin(abs(binom.sf(n_passed - 1, n_events, shares) - 0.025))],
        shares[np.argmin(abs(binom.cdf(n_passed, n_events, shares) - 0.025))],
    )


def test_the_shape_p_value_is_that_of_two_samples(rng):
    scores, reference = rng.normal(0.1, 1, 400), rng.normal(size=5000)
    found = Reference(reference, threshold=2).compare(scores)
    assert found.shape_p_value == pytest.approx(ks_2samp(scores, reference, method="exact").pvalue, rel=0.05)


def test_with_an_endless_reference_the_shape_p_value_is_that_of_one_sample(rng):
    scores = rng.uniform(0, 0.95, 400)
    endless = (np.arange(10_000_000) + 0.5) / 10_000_000
    expected = kstest(scores, "uniform", method="exact").pvalue
    assert Reference(endless, threshold=2).compare(scores).shape_p_value == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize(("n_reference", "n_events"), [(10_000, 200), (1000, 500)])
def test_the_shape_p_value_is_uniform_while_nothing_drifts(n_reference, n_events):
    rng = np.random.default_rng(7)
    found = [
        Reference(rng.normal(size=n_reference), threshold=1.5).compare(rng.normal(size=n_events))
        for _ in range(600)
    ]
    shape, rate = (
        np.array([getattr(of, name) for of in found]) for name in ("shape_p_value", "rate_p_value")
    )
    # 30 of 600 are expected below .05 with a standard deviation of 5.3.
    assert 15 <= (shape < 0.05).sum() <= 45
    assert kstest(shape, "uniform").pvalue > 1e-3
    # Counts take few values, and the test is exact: never more than promised.
    assert (rate < 0.05).sum() <= 45


def test_the_evidence_of_the_shape_begins_where_the_reference_allows_no_more():
    # Dvoretzky, Kiefer, Wolfowitz and Massart: 2 exp(-2 n d^2) = 0.05 for n = 100,000 gives d = 0.0042947.
    shifted = Reference(LINE, threshold=2).compare(np.clip(LINE + 0.01, 0, 1))
    expected = kolmogorov(np.sqrt(100_000) * (0.01 - 0.0042947))
    assert shifted.log_evidence["shape"] == pytest.approx(-np.log(2 * np.sqrt(expected)), rel=0.03)


def test_integer_scores_at_the_threshold_do_not_pass():
    # Above 8 are the ten nines of a hundred, and 3 of the 6 of the block; 13 events of which 6/106 belong to it.
    reference = Reference(np.repeat(np.arange(10), 10), threshold=8)
    compared = reference.compare(np.array([8, 8, 8, 9, 9, 9]))
    assert compared.rate_p_value == pytest.approx(binom.sf(2, 13, 6 / 106))
    # As many as expected, in a block as long as the reference.
    same = reference.compare(np.repeat(np.arange(10), 10))
    assert same.rate_p_value == pytest.approx(1)
    low, high = _bounds(10, 100, 0.3)
    for name, ordinary, drifted in (("rate up", high, 1.25 * high), ("rate down", low, low / 1.25)):
        expected = 3 * np.log(drifted / ordinary) + 3 * np.log((1 - drifted) / (1 - ordinary))
        assert compared.log_evidence[name] == pytest.approx(expected, abs=1e-4)


def test_a_high_rate_rises_by_half_of_what_is_left_at_most():
    # 1.25 times a rate of nine tenths would be above one.
    reference = Reference(LINE[:1000], threshold=LINE[99])
    _, high = _bounds(900, 1000, 1)
    drifted = (1 + high) / 2
    expected = 3 * np.log(drifted / high) + 2 * np.log((1 - drifted) / (1 - high))
    found = reference.compare(np.array([1.0, 1.0, 1.0, -1.0, -1.0])).log_evidence["rate up"]
    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("place", [0.1, 0.9])
def test_the_distance_of_shapes_is_the_larger_of_both_sides(place):
    # All at one place: the distribution function jumps from 0 to 1 there, 0.9 away from the line on one side.
    found = Reference(LINE, threshold=2).compare(np.full(3, place)).shape_p_value
    assert found == pytest.approx(kstwo.sf(0.9, 3), rel=1e-3)


def test_the_shape_counts_ties_once():
    reference = Reference(np.repeat(np.arange(10), 1000), threshold=8)
    assert reference.compare(np.repeat(np.arange(10), 7)).shape_p_value == 1
    assert reference.compare(np.repeat(np.arange(5), 14)).shape_p_value < 1e-10


def test_the_evidence_of_the_shape_is_at_most_one_on_average():
    # Blocks at the quantiles of the exact distribution of the distance: regular ones, moved until they are so far away.
    reference, regular = Reference(LINE, threshold=2), (np.arange(200) + 0.5) / 200
    distances = kstwo(200).ppf((np.arange(500) + 0.5) / 500)
    blocks = (regular + distance - 0.5 / 200 for distance in distances)
    evidence = [np.exp(reference.compare(block).log_evidence["shape"]) for block in blocks]
    # It would be one without the band of the reference; 500 quantiles miss 0.02 of a tail that ends so slowly.
    assert 0.85 < np.mean(evidence) < 1


def test_a_drift_is_seen_in_the_chart_that_it_belongs_to():
    reference = Reference(LINE, threshold=0.99)

    def evidence(scores):
        return reference.compare(scores).log_evidence

    assert list(evidence(LINE)) == list(CHARTS)
    assert max(evidence(LINE).values()) < 0
    assert evidence(LINE + 0.01)["rate up"] > 100
    assert evidence(LINE - 0.005)["rate down"] > 50
    assert evidence(LINE**2)["shape"] > 100


def test_a_bad_reference_is_refused():
    with pytest.raises(InputError, match=r"reference.*Received: 1 NaN"):
        Reference(np.array([1.0, np.nan]), threshold=0)
