"""Is one score better than another on the same events? Differences with intervals, in which what both share cancels.

Two intervals that overlap do not say that two scores are alike: both scores see the same lucky and unlucky events. Events
that share a parent count as one draw where `groups` names the parents.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer
from scipy.stats import norm

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import checked_scores

__all__ = [
    "EQUAL_WITHIN",
    "Difference",
    "Groups",
    "Pair",
    "auc_difference",
    "checked_pair",
    "numbered",
    "verdict",
]

Values = Float[np.ndarray, " n"]
Pair = tuple[Values, Values]
"""Two scores of the same events in the same order."""
Groups = Integer[np.ndarray, " n"]
"""A number for each event, the same for events with one parent."""

EQUAL_WITHIN = 0.01
"""Two scores are called equal when the whole interval of their difference is this close to zero."""

_TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True)
class Difference:
    """The second score minus the first; None where no background event passes a threshold.

    Attributes:
        value: The difference.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        p_value: Probability of a difference at least as large if there is none, two-sided; not corrected for how many are looked at.
        few: Whether it rests on fewer than ten background events.
    """

    value: float | None
    low: float | None
    high: float | None
    p_value: float | None
    few: bool = False


def auc_difference(
    background: Pair,
    signal: Pair,
    *,
    background_groups: Groups | None = None,
    signal_groups: Groups | None = None,
) -> Difference:
    r"""Returns the AUC of the second score minus that of the first, on the same events.

    The variance is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44 (1988) 837) with the ranks of Sun and Xu (IEEE
    Signal Process. Lett. 21 (2014) 1389): each event has the share of the other sample that it outranks, and of these
    shares only the differences between both scores vary. With groups, sums over groups take the place of events
    (Obuchowski, Biometrics 53 (1997) 567). Interval and p-value are normal. Where no event is ranked differently, they are
    those of none in as many pairs as the smaller sample has events.

    Args:
        background: Both scores of background events, (n,) each.
        signal: Both scores of signal events, (m,) each.
        background_groups: Parents of background events, (n,); default: each event is its own.
        signal_groups: The same of signal events, (m,).

    Raises:
        InputError: If scores are empty, not finite, or of different lengths, or groups do not fit them.

    Example:
        >>> background = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0])
        >>> auc_difference(background, (np.array([3.5, 2.5]), np.array([3.5, 4.5]))).value
        0.25
    """
    b, s = checked_pair(background, "background"), checked_pair(signal, "signal")
    outranked, outranking = _placements(b, s), 1 - _placements(s, b)
    value = float(outranked.mean())
    variance = _variance_of_mean(outranked, signal_groups) + _variance_of_mean(outranking, background_groups)
    if variance == 0:
        reach = float(binomial_interval(0, min(len(b[0]), len(s[0])))[1])
        return Difference(value, value - reach, value + reach, 1.0 if value == 0 else 0.0)
    error = float(np.sqrt(variance))
    reach = float(norm.isf(_TAIL)) * error
    return Difference(value, value - reach, value + reach, float(2 * norm.sf(abs(value) / error)))


def verdict(difference: Difference, *, equal_within: float = EQUAL_WITHIN) -> str:
    """Returns what a difference allows to say: "better", "worse", "equal", "undecided", or "–" where there is none.

    Better or worse is what has its whole 95 % interval on one side of zero; equal what has it within a margin around
    zero. Not to see a difference is not equality. What rests on fewer than ten background events is undecided.

    Args:
        difference: The second score minus the first.
        equal_within: The margin.

    Example:
        >>> verdict(Difference(-0.0099, -0.0141, -0.0057, 4e-6))
        'worse'
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return "–"
    if difference.few:
        return "undecided"
    if difference.low > 0:
        return "better"
    if difference.high < 0:
        return "worse"
    return "equal" if max(-difference.low, difference.high) <= equal_within else "undecided"


def _placements(others: Pair, pair: Pair) -> Values:
    """The share of the others that each event outranks by the second score, minus that by the first."""
    first, second = (_share_below(np.sort(of_others), of) for of_others, of in zip(others, pair, strict=True))
    difference: Values = second - first
    return difference


def _share_below(rising: Values, scores: Values) -> Values:
    below = np.searchsorted(rising, scores, side="left")
    return (below + np.searchsorted(rising, scores, side="right")) / (2 * len(rising))


def _variance_of_mean(values: Values, groups: Groups | None) -> float:
    parents, n_groups = numbered(groups, len(values))
    sums = np.bincount(parents, values - values.mean(), minlength=n_groups)
    if n_groups == 1:
        return 1.0  # the most that differences between -1 and 1 can have; a single draw does not tell its own
    return float(np.sum(sums**2)) / len(values) ** 2 * n_groups / (n_groups - 1)


def numbered(groups: Groups | None, n_events: int) -> tuple[Integer[np.ndarray, " n"], int]:
    """Returns the number of the group of each event, and how many there are; by default each event is its own.

    Raises:
        InputError: If groups do not fit the events.
    """
    if groups is None:
        return np.arange(n_events), n_events
    if np.shape(groups) != (n_events,):
        raise InputError(
            f"Groups do not fit the events. Expected: shape ({n_events},). Received: {np.shape(groups)}."
        )
    found, parents = np.unique(groups, return_inverse=True)
    return parents, len(found)


def checked_pair(pair: Pair, name: str) -> Pair:
    """Returns both scores as float64.

    Raises:
        InputError: If they are empty, not finite, or of different lengths.
    """
    first, second = (checked_scores(of, name) for of in pair)
    if len(first) != len(second):
        raise InputError(
            f"Two scores of {name} cannot be paired. Expected: the same events. Received: {len(first)} and {len(second)}."
        )
    return first, second
