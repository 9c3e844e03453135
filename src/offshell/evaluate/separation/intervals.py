"""Exact intervals of a share: how well a count of events knows it, and how well a score that was chosen by such a count."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.stats import beta

__all__ = ["CONFIDENCE", "Exceedance", "binomial_interval", "exceedance", "joined"]

CONFIDENCE = 0.95
"""Confidence level of every interval."""


def binomial_interval(
    n_passed: ArrayLike, n_events: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Float[np.ndarray, "*n"], Float[np.ndarray, "*n"]]:
    """Returns the central exact interval of the probability to pass (Clopper and Pearson, Biometrika 26 (1934) 404).

    Args:
        n_passed: Events that passed; numbers or arrays. Effective numbers need not be whole.
        n_events: All events; numbers or arrays.
        confidence: Confidence level.

    Returns:
        Lower and upper bounds of the shape of the arguments.

    Example:
        >>> low, high = binomial_interval(0, 20)
        >>> float(low), round(float(high), 3)
        (0.0, 0.168)
    """
    passed, events = np.asarray(n_passed), np.asarray(n_events)
    tail = (1 - confidence) / 2
    none, all_passed = passed == 0, passed == events
    low = np.where(none, 0.0, beta.ppf(tail, np.where(none, 1, passed), events - passed + 1))
    lost = np.where(all_passed, 1, events - passed)
    high = np.where(all_passed, 1.0, beta.isf(tail, passed + 1, lost))
    return low, high


@dataclass(frozen=True)
class Exceedance:
    """The share of new events above a score of the sample: what is expected, and the bounds of the interval."""

    expected: float
    low: float
    high: float


def exceedance(
    n_above: float, n_events: float, *, is_tied: bool = False, confidence: float = CONFIDENCE
) -> Exceedance:
    r"""Returns the share of all events that lies above a score which was chosen because `n_above` events exceed it.

    The score is the (k + 1)-th highest of n, above which lies, whatever the distribution, a share that follows

    .. math:: \mathrm{Beta}(k + 1, n - k)

    with the mean (k + 1) / (n + 1) (David and Nagaraja, Order Statistics, 2003, 2.5 and 7.1), not k / n: the score lies
    just at an event, in the middle of two steps of the count. With several events at the score itself, the share lies
    between that and Beta(k, n - k + 1): there the interval holds both, and the expectation is the upper one.

    Args:
        n_above: Events above the score. Effective numbers need not be whole.
        n_events: All events.
        is_tied: Whether several events have this score.
        confidence: Confidence level.

    Example:
        >>> found = exceedance(1, 99)
        >>> found.expected, round(found.low, 4), round(found.high, 4)
        (0.02, 0.0025, 0.055)
    """
    tail = (1 - confidence) / 2
    fewest = n_above if is_tied else n_above + 1
    low = beta.ppf(tail, fewest, n_events - fewest + 1) if fewest > 0 else 0.0
    high = beta.isf(tail, n_above + 1, n_events - n_above)
    return Exceedance((n_above + 1) / (n_events + 1), float(low), float(high))


def joined(value: float, *intervals: tuple[float, float]) -> tuple[float, float]:
    """Returns the interval of a share with several independent uncertainties: distances to their bounds in quadrature.

    The method of variance estimates recovered (Newcombe, Stat. Med. 17 (1998) 873; Zou and Donner, Stat. Med. 27 (2008)
    1693).

    Args:
        value: The share.
        intervals: Lower and upper bound for each uncertainty alone.
    """
    below = [max(value - low, 0.0) for low, _ in intervals]
    above = [max(high - value, 0.0) for _, high in intervals]
    return max(value - float(np.linalg.norm(below)), 0.0), min(value + float(np.linalg.norm(above)), 1.0)
