"""The exact interval of a share: how well a count of events knows it."""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.stats import beta

__all__ = ["CONFIDENCE", "binomial_interval"]

CONFIDENCE = 0.95
"""Confidence level of every interval."""


def binomial_interval(
    n_passed: ArrayLike, n_events: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Float[np.ndarray, "*n"], Float[np.ndarray, "*n"]]:
    """Returns the central exact interval of the probability to pass (Clopper and Pearson, Biometrika 26 (1934) 404).

    Args:
        n_passed: Events that passed; numbers or arrays.
        n_events: All events, at least one; numbers or arrays.
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
    low = np.where(passed == 0, 0.0, beta.ppf(tail, np.maximum(passed, 1), events - passed + 1))
    high = np.where(passed == events, 1.0, beta.isf(tail, passed + 1, np.maximum(events - passed, 1)))
    return low, high
