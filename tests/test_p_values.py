"""A p-value is the share of the background that looks as anomalous, and is uniform for background."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kstest, norm

from offshell.errors import InputError
from offshell.evaluate import p_value

tied = arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 8))


@given(tied, tied)
def test_it_is_the_count_of_background_at_least_as_high(background, scores):
    expected = [(1 + sum(b >= s for b in background)) / (len(background) + 1) for s in scores]
    assert p_value(background, scores).tolist() == pytest.approx(expected)


@given(tied, st.sampled_from([0.05, 0.1, 0.3, 0.5]))
def test_background_among_background_is_never_significant_too_often(pool, alpha):
    # Each of the pool in turn is the new event: exactly what a new event from the same distribution would be.
    values = [p_value(np.delete(pool, i), pool[i : i + 1])[0] for i in range(len(pool)) if len(pool) > 1]
    assert sum(p <= alpha for p in values) <= alpha * len(pool) + 1e-9


def test_it_is_uniform_under_background_and_exact_for_a_gaussian():
    rng = np.random.default_rng(0)
    background, scores = rng.normal(size=200_000), rng.normal(size=2000)
    values = p_value(background, scores)
    assert kstest(values, "uniform").pvalue > 0.01
    np.testing.assert_allclose(values, norm.sf(scores), atol=4e-3)


def test_no_p_value_is_zero():
    assert p_value(np.arange(99.0), np.array([1e9])) == [0.01]


def test_bad_scores_are_refused_by_name():
    with pytest.raises(InputError, match=r"background_scores.*Received: 1 NaN"):
        p_value(np.array([np.nan]), np.ones(2))
    with pytest.raises(InputError, match=r"shape of scores.*Received: \(0,\)"):
        p_value(np.ones(2), np.array([]))
