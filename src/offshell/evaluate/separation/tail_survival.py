"""Do two scores select the same events? The share of the highest scores of one that is among the highest of the other.

Two models with a rank correlation of .90 can share a third of their most anomalous events, which an AUC hides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND, checked_scores, threshold_at_share

__all__ = ["SHARES", "Survival", "tail_survival", "tail_survival_of_pairs"]

SHARES = {"1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4}
"""Shares of the background whose survival is told."""


@dataclass(frozen=True)
class Survival:
    """How much of the tail of one score is in that of another; None where there is no event in a tail.

    Attributes:
        value: Share of the events above the threshold of the first score that are above that of the second.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        n_events: Events above the threshold of the first score.
        few: Whether these are fewer than ten.
    """

    value: float | None
    low: float | None
    high: float | None
    n_events: int
    few: bool


def tail_survival(
    first: Float[np.ndarray, " n"],
    second: Float[np.ndarray, " n"],
    *,
    shares: Mapping[str, float] = SHARES,
) -> dict[str, Survival]:
    r"""Returns the share of the most anomalous background events by one score that are so by another.

    Each score has its own threshold, above which there is at most the share of these events. Without ties the result is the same in
    both directions; two scores that have nothing in common share as much as chance does, the share itself. The interval
    is the exact binomial one of the events above the first threshold (Clopper and Pearson, Biometrika 26 (1934) 404). It
    holds for the survival beyond the true thresholds too: that both thresholds come from these very events makes the
    variance smaller, $R (1 - R) (1 - R / 2) / k$ instead of $R (1 - R) / k$ for $k$ events and scores that are alike
    (Schmidt and Stadtmüller, Scand. J. Stat. 33 (2006) 307), so that it rather is too long. Events that share a parent
    make it too short.

    Args:
        first: Scores of background events, (n,).
        second: Other scores of the same events, (n,): another seed, size, or the quantized network.
        shares: Shares of the events by name, between 0 and 1.

    Raises:
        InputError: If scores are empty, not finite, or of different lengths, or a share is not between 0 and 1.

    Example:
        >>> first = np.arange(1000.0)
        >>> second = np.where(first < 995, first, -1)
        >>> tail_survival(first, second, shares={"1e-2": 1e-2})["1e-2"].value
        0.5
    """
    pair = checked_scores(first, "first"), checked_scores(second, "second")
    if len(pair[0]) != len(pair[1]):
        raise InputError(
            f"Two scores cannot be paired. Expected: the same events. Received: {len(pair[0])} and {len(pair[1])}."
        )
    return {name: _survival(*pair, share) for name, share in shares.items()}


def tail_survival_of_pairs(
    scores: Mapping[str, Float[np.ndarray, " n"]],
) -> dict[tuple[str, str], dict[str, Survival]]:
    """Returns `tail_survival` for each two of several scores of the same background events, such as trainings.

    Args:
        scores: Scores by name, (n,) each.

    Raises:
        InputError: As `tail_survival`.
    """
    return {(a, b): tail_survival(scores[a], scores[b]) for a, b in combinations(scores, 2)}


def _survival(first: Float[np.ndarray, " n"], second: Float[np.ndarray, " n"], share: float) -> Survival:
    if not 0 < share < 1:
        raise InputError(f"Wrong share of the events. Expected: 0 < share < 1. Received: {share}.")
    in_first, in_second = (of > threshold_at_share(np.sort(of), share) for of in (first, second))
    n_events, n_both = int(in_first.sum()), int((in_first & in_second).sum())
    few = min(n_events, int(in_second.sum())) < FEWEST_BACKGROUND
    if not n_events or not in_second.any():
        return Survival(None, None, None, n_events, few)
    low, high = binomial_interval(n_both, n_events)
    return Survival(n_both / n_events, float(low), float(high), n_events, few)
