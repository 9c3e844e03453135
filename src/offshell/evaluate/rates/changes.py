"""How much a share of events changes, and how well that is known: of the same events, or of others."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.separation.sample import Groups, numbered, share_interval

__all__ = ["independent_change", "paired_reach", "times"]

Passed = Bool[np.ndarray, " n"]


def paired_reach(before: Passed, after: Passed, *, groups: Groups | None = None) -> tuple[float, float]:
    """Returns how far the change of a share of the same events may be below and above the one found, 95 % confidence.

    The change is the share of events that come in less that of those that go. Each has its exact interval; the distances
    to the bounds join as Newcombe has it for paired shares (Stat. Med. 17 (1998) 2635, method 10), with the correlation of
    two counts of one multinomial.

    Args:
        before: Which events passed, (n,).
        after: Which of the same events pass now, (n,).
        groups: Parents of the events, (n,), integers that events of one collision share; None for independent events.

    Example:
        >>> below, above = paired_reach(np.zeros(20, bool), np.zeros(20, bool))
        >>> round(above, 3)
        0.168
    """
    parents = None if groups is None else numbered(groups)
    gain, gain_low, gain_high = _with_bounds(after & ~before, parents)
    loss, loss_low, loss_high = _with_bounds(before & ~after, parents)
    free = (1 - gain) * (1 - loss)
    correlation = -np.sqrt(gain * loss / free) if free else 0.0
    below = _length(gain - gain_low, loss_high - loss, correlation)
    return below, _length(gain_high - gain, loss - loss_low, correlation)


def independent_change(before: Estimate, after: Estimate) -> Estimate:
    """Returns the change between two samples that share no event (Zou and Donner, Stat. Med. 27 (2008) 1693).

    Args:
        before: A number with its interval.
        after: The same of the other sample.

    Example:
        >>> independent_change({"value": 1, "low": -2, "high": 5}, {"value": 3, "low": 0, "high": 6})
        {'value': 2.0, 'low': -3.0, 'high': 6.242640687119285}
    """
    first, first_low, first_high = _numbers(before).tolist()
    second, second_low, second_high = _numbers(after).tolist()
    value = second - first
    return {
        "value": value,
        "low": value - _length(second - second_low, first_high - first, 0.0),
        "high": value + _length(second_high - second, first - first_low, 0.0),
    }


def times(estimate: Estimate, factor: float) -> Estimate:
    """Returns a number and its interval in other units."""
    value, low, high = (factor * _numbers(estimate)).tolist()
    return {"value": value, "low": low, "high": high}


def _with_bounds(passed: Passed, parents: Groups | None) -> tuple[float, float, float]:
    return float(passed.mean()), *share_interval(passed, weights=None, parents=parents)


def _length(of_gain: float, of_loss: float, correlation: float) -> float:
    return float(np.sqrt(of_gain**2 + of_loss**2 - 2 * correlation * of_gain * of_loss))


def _numbers(estimate: Estimate) -> Float[np.ndarray, " 3"]:
    return np.array([estimate["value"], estimate["low"], estimate["high"]], np.float64)
