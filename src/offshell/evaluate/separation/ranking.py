"""Scores as a ranking: checked, sorted, and counted above thresholds that exist."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer
from numpy.typing import ArrayLike

from offshell.errors import InputError

__all__ = ["FEWEST_BACKGROUND", "Ranking", "checked_scores", "ranking", "threshold_at_share"]

FEWEST_BACKGROUND = 10
"""Background events above a threshold below which a rate is marked: their number is uncertain by a third."""


@dataclass(frozen=True)
class Ranking:
    """Scores of both samples in rising order.

    Attributes:
        background: Scores of the background, (n_background,), rising.
        signal: Scores of the signal, (n_signal,), rising.
    """

    background: Float[np.ndarray, " n_background"]
    signal: Float[np.ndarray, " n_signal"]

    def background_above(self, thresholds: ArrayLike) -> Integer[np.ndarray, "*thresholds"]:
        """Returns how many background events score above (not at) each threshold."""
        return len(self.background) - np.searchsorted(self.background, thresholds, side="right")

    def signal_above(self, thresholds: ArrayLike) -> Integer[np.ndarray, "*thresholds"]:
        """Returns how many signal events score above (not at) each threshold."""
        return len(self.signal) - np.searchsorted(self.signal, thresholds, side="right")


def ranking(
    background: Float[np.ndarray, " n_background"], signal: Float[np.ndarray, " n_signal"]
) -> Ranking:
    """Returns both samples sorted.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores.
    """
    return Ranking(
        np.sort(checked_scores(background, "background")), np.sort(checked_scores(signal, "signal"))
    )


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
