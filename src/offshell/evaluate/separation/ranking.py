"""Scores that are checked, and thresholds that exist."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError

__all__ = ["FEWEST_BACKGROUND", "checked_scores", "threshold_at_share"]

FEWEST_BACKGROUND = 10
"""Background events above a threshold below which a rate is marked: their number is uncertain by a third."""


def threshold_at_share(rising: Float[np.ndarray, " n"], share: float) -> float:
    """Returns the lowest of the scores that at most a share of them lies above.

    Args:
        rising: Scores in rising order.
        share: The share that may pass, between 0 and 1.
    """
    n_allowed = int(share * len(rising) * (1 + 1e-12))  # 0.29 * 100 is 28.999999999999996
    return float(rising[max(len(rising) - 1 - n_allowed, 0)])


def checked_scores(values: Float[np.ndarray, " n"], name: str) -> Float[np.ndarray, " n"]:
    """Returns the scores as float64.

    Args:
        values: Scores, (n,).
        name: What an error calls them.

    Raises:
        InputError: If they are empty, not one-dimensional, or hold NaN or infinite scores.
    """
    scores = np.asarray(values, dtype=np.float64)
    if scores.ndim != 1 or scores.size == 0:
        raise InputError(f"Wrong shape of {name}. Expected: (n,) with n > 0. Received: {scores.shape}.")
    if not np.isfinite(scores).all():
        bad = int((~np.isfinite(scores)).sum())
        raise InputError(f"Scores in {name} are not finite. Expected: numbers. Received: {bad} NaN or inf.")
    return scores
