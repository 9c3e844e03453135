"""Several trainings: their spread, and the mean of their ranks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate import auc, mean_rank, spread


def test_spread_of_three_numbers():
    found = spread(np.array([0.7, 0.5, 0.6]))
    assert (found.low, found.high, found.n_members) == (0.5, 0.7, 3)
    assert found.mean == pytest.approx(0.6)
    assert found.standard_deviation == pytest.approx(0.1)


def test_rank_of_one_member_is_the_share_of_the_background_below():
    ranks = mean_rank([np.arange(9.0)], [np.array([-1.0, 4.0, 4.5, 99.0])])
    assert ranks == pytest.approx([0, 0.4, 0.5, 0.9])


def test_ranks_of_members_are_averaged_whatever_their_scales():
    references = [np.arange(9.0), 1000 * np.arange(9.0)]
    assert mean_rank(references, [np.array([4.5]), np.array([99e3])]) == pytest.approx([(0.5 + 0.9) / 2])


@given(st.integers(0, 100), st.sampled_from([np.exp, np.cbrt, lambda s: 5 * s - 2]))
def test_a_rising_function_of_a_score_changes_nothing(seed, rising):
    rng = np.random.default_rng(seed)
    references, scores = list(rng.normal(size=(2, 30))), list(rng.normal(size=(2, 10)))
    transformed = mean_rank([references[0], rising(references[1])], [scores[0], rising(scores[1])])
    np.testing.assert_array_equal(transformed, mean_rank(references, scores))


def test_ranks_of_members_that_err_independently_separate_better_than_one():
    # Two Gaussians one standard deviation apart, seen by four members with independent noise of the same size.
    rng = np.random.default_rng(1)
    background, reference, signal = (
        rng.normal(mean, 1, 20_000) + rng.normal(size=(4, 20_000)) for mean in (0, 0, 1)
    )
    one = auc(background[0], signal[0]).value
    together = auc(mean_rank(reference, background), mean_rank(reference, signal)).value
    assert one == pytest.approx(norm.cdf(1 / np.sqrt(2 * 2)), abs=0.01)
    # The mean of the scores, the best there is, has the variance 1 + 1 / 4; ranks lose little.
    assert together == pytest.approx(norm.cdf(1 / np.sqrt(2 * 1.25)), abs=0.01)


@pytest.mark.parametrize(
    ("references", "scores", "message"),
    [
        ([], [], "0 references, scores of none"),
        (np.ones((1, 5)), np.ones((2, 5)), "1 references, scores of 5, 5"),
        (np.ones((2, 5)), [np.ones(3), np.ones(4)], "2 references, scores of 3, 4"),
        (np.ones((1, 0)), np.ones((1, 5)), "Wrong shape"),
        (np.ones((1, 5)), np.full((1, 5), np.nan), "not finite"),
    ],
)
def test_members_that_do_not_fit_get_one_clear_line(references, scores, message):
    with pytest.raises(InputError, match=message) as caught:
        mean_rank(references, scores)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [[0.5], [0.5, np.nan], []])
def test_no_spread_of_fewer_than_two_numbers(values):
    with pytest.raises(InputError):
        spread(np.array(values))
