"""Information measures against closed forms and their own relations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate.description.information import (
    cross_entropy,
    entropy,
    histograms,
    jeffreys,
    jensen_shannon,
    kl_divergence,
)

NATS = {"base": math.e}
ROUNDING = 80 * np.finfo(float).eps  # eight summands of up to ten bits
DIVERGENCES = (kl_divergence, jensen_shannon, jeffreys)

distributions = st.integers(2, 8).flatmap(
    lambda n: st.tuples(*[arrays(np.float64, n, elements=st.floats(1e-3, 1)) for _ in range(3)])
)


def bernoulli(probability):
    return np.array([probability, 1 - probability])


def gaussian(mean, width):
    """Shares of a Gaussian in fine bins."""
    return norm.pdf(np.linspace(-30, 30, 60_001), mean, width)


@pytest.mark.parametrize("n", [1, 2, 8, 1000])
def test_the_entropy_of_equal_chances_is_the_logarithm_of_their_number(n):
    assert entropy(np.ones(n)) == pytest.approx(math.log2(n))
    assert entropy(np.ones(n), **NATS) == pytest.approx(math.log(n))


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 1.0])
def test_the_entropy_of_a_coin(p):
    expected = -sum(x * math.log2(x) for x in (p, 1 - p) if x > 0)
    assert entropy(bernoulli(p)) == pytest.approx(expected)


def test_the_entropy_of_a_gaussian_in_fine_bins():
    # The differential entropy, log(sigma sqrt(2 pi e)), less the logarithm of the width of a bin.
    expected = math.log(2 * math.sqrt(2 * math.pi * math.e)) - math.log(1e-3)
    assert entropy(gaussian(1, 2), **NATS) == pytest.approx(expected, rel=1e-6)


def test_divergences_of_two_coins():
    p, q = 0.2, 0.6
    forward = p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
    backward = q * math.log(q / p) + (1 - q) * math.log((1 - q) / (1 - p))
    assert kl_divergence(bernoulli(p), bernoulli(q), **NATS) == pytest.approx(forward)
    assert jeffreys(bernoulli(p), bernoulli(q), **NATS) == pytest.approx((forward + backward) / 2)
    assert cross_entropy(bernoulli(p), bernoulli(q), **NATS) == pytest.approx(
        -p * math.log(q) - (1 - p) * math.log(1 - q)
    )


def test_divergences_of_two_gaussians():
    # D(N(a, s) || N(b, t)) = log(t / s) + (s^2 + (a - b)^2) / (2 t^2) - 1/2
    forward = math.log(2) + (1 + 1) / 8 - 0.5
    backward = -math.log(2) + (4 + 1) / 2 - 0.5
    p, q = gaussian(0, 1), gaussian(1, 2)
    assert kl_divergence(p, q, **NATS) == pytest.approx(forward, rel=1e-5)
    assert jeffreys(p, q, **NATS) == pytest.approx((forward + backward) / 2, rel=1e-5)


def test_uniform_within_uniform():
    wide, narrow = np.ones(8), np.array([1, 1, 0, 0, 0, 0, 0, 0])
    assert kl_divergence(narrow, wide) == pytest.approx(2)  # 8 outcomes for 2
    assert kl_divergence(wide, narrow) == math.inf
    assert cross_entropy(wide, narrow) == math.inf
    assert jeffreys(wide, narrow) == math.inf
    # m is 5/16 twice and 1/16 six times.
    expected = (2 / 8 * math.log2(2 / 5) + 6 / 8 * math.log2(2) + math.log2(8 / 5)) / 2
    assert jensen_shannon(wide, narrow) == pytest.approx(expected)


def test_nothing_in_common_is_one_bit_of_jensen_shannon():
    assert jensen_shannon(bernoulli(0), bernoulli(1)) == pytest.approx(1)
    assert jensen_shannon(bernoulli(0), bernoulli(1), **NATS) == pytest.approx(math.log(2))


@given(distributions)
def test_relations(triple):
    p, q, r = triple
    assert cross_entropy(p, q) == pytest.approx(entropy(p) + kl_divergence(p, q), abs=ROUNDING)
    assert entropy(p) <= math.log2(len(p)) + ROUNDING
    for divergence in DIVERGENCES:
        assert divergence(p, q) >= -ROUNDING
        assert divergence(p, 7 * p) == pytest.approx(0, abs=ROUNDING)
        assert divergence(p, q, **NATS) == pytest.approx(divergence(p, q) * math.log(2), abs=ROUNDING)
    assert jensen_shannon(p, q) == pytest.approx(jensen_shannon(q, p), abs=ROUNDING)
    assert jensen_shannon(p, q) <= min(1, jeffreys(p, q) / 2) + ROUNDING
    roots = [math.sqrt(jensen_shannon(*pair)) for pair in ((p, q), (q, r), (p, r))]
    assert roots[2] <= roots[0] + roots[1] + math.sqrt(ROUNDING)


def test_histograms_have_bins_of_equal_content():
    p, q = histograms(np.arange(100.0), np.arange(100.0), n_bins=4)
    assert p.tolist() == q.tolist() == [0.25] * 4


def test_weights_of_two_are_events_twice_and_bins_stay():
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=50), rng.normal(size=70)
    p, q = histograms(first, second, n_bins=5, weights=np.where(first > 0, 2.0, 1.0))
    plain, q_plain = histograms(first, second, n_bins=5)
    np.testing.assert_array_equal(q, q_plain)
    positive = (first > 0).sum()
    assert p[-1] == pytest.approx(2 * plain[-1] * 50 / (50 + positive))
    _, q = histograms(first, second, n_bins=5, second_weights=np.full(70, 0.25))
    np.testing.assert_allclose(q, q_plain, rtol=1e-12)
    with pytest.raises(InputError, match="Wrong weights of second"):
        histograms(first, second, n_bins=5, second_weights=np.ones(3))


def test_histograms_of_ties_have_fewer_bins():
    p, q = histograms(np.zeros(10), np.r_[np.zeros(5), np.ones(5)], n_bins=10)
    assert (p.tolist(), q.tolist()) == ([1, 0], [0.5, 0.5])


def test_the_divergence_of_samples_is_that_of_their_distributions():
    rng = np.random.default_rng(0)
    p, q = histograms(rng.normal(0, 1, 200_000), rng.normal(1, 1, 200_000), n_bins=100)
    # (a - b)^2 / 2 = 0.5 nats for equal widths; bins lose a little.
    assert kl_divergence(p, q, **NATS) == pytest.approx(0.5, abs=0.02)


def test_noise_has_the_divergence_of_miller():
    rng = np.random.default_rng(1)
    even = np.full(50, 1 / 50)
    estimates = [kl_divergence(rng.multinomial(2000, even), even, **NATS) for _ in range(300)]
    assert np.mean(estimates) == pytest.approx(49 / 4000, rel=0.05)


@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.5, -0.1], "no negative numbers.*smallest -0.1"),
        ([0.0, 0.0], "positive sum"),
        ([np.nan, 1.0], "Received: 1 NaN"),
        ([], r"\(0,\)"),
    ],
)
def test_what_is_no_distribution_is_refused(p, message):
    for measure in (entropy, lambda p: kl_divergence(p, np.ones(2)), lambda p: jensen_shannon(np.ones(2), p)):
        with pytest.raises(InputError, match=message):
            measure(np.array(p))


def test_other_mistakes_are_refused():
    with pytest.raises(InputError, match=r"as many in q as in p, 2\. Received: 3"):
        jeffreys(np.ones(2), np.ones(3))
    with pytest.raises(InputError, match=r"Expected: above 1\. Received: base=1"):
        entropy(np.ones(2), base=1)
    with pytest.raises(InputError, match=r"at least 2\. Received: 1"):
        histograms(np.ones(2), np.ones(2), n_bins=1)
    with pytest.raises(InputError, match=r"second.*Received: \(0,\)"):
        histograms(np.ones(2), np.ones(0), n_bins=2)
