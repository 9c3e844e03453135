"""ROC curve and true positive rate at a false positive rate, with intervals.

Scores are higher for more anomalous events; an event passes when its score is above (not at) the threshold.
All intervals are central ones of 95 % confidence.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.efficiency import efficiency_above, threshold_bounds
from offshell.evaluate.separation.sample import Groups, Sample, Weights, sample

__all__ = ["Rate", "rate_at", "roc_curve", "tpr_at_fpr"]

_CURVE_POINTS = 300

Scores = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Rate:
    """True positive rate at a threshold; None where no background event is above it.

    Attributes:
        value: Share of the signal above the threshold.
        low: Lower bound of the interval.
        high: Upper bound of the interval.
        threshold: The score of a background event; what is above it passes.
        n_background: Background events above the threshold; with groups, their parents.
        few: Whether these amount to fewer than ten independent ones.
    """

    value: float | None
    low: float | None
    high: float | None
    threshold: float
    n_background: int
    few: bool


def tpr_at_fpr(
    background: Float[np.ndarray, " n_background"],
    signal: Float[np.ndarray, " n_signal"],
    fpr: float,
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Weights | None = None,
    signal_groups: Groups | None = None,
) -> Rate:
    """Returns the share of signal above the lowest threshold that at most a share `fpr` of background passes.

    The threshold is the score of a background event, never interpolated, so the realized false positive rate
    is `fpr` or below it (below where `fpr` falls between two events, or events tie). The interval is for the
    true positive rate at `fpr` itself: what is uncertain of the finite signal and of the finite background, which
    decides where the threshold lies, is in it (see `efficiency_above`).

    Args:
        background: Scores of background events.
        signal: Scores of signal events.
        fpr: False positive rate that is allowed, between 0 and 1.
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events.
        signal_groups: Parents of signal events.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores, if `fpr` is not between 0
            and 1, or if weights or groups do not belong to the events or cancel.

    Example:
        >>> tpr_at_fpr(np.arange(100.0), np.arange(80.0, 100.0), 0.1).value
        0.5
    """
    return rate_at(
        sample(background, "background", weights=weights, groups=groups),
        sample(signal, "signal", weights=signal_weights, groups=signal_groups),
        fpr,
    )


def rate_at(background: Sample, signal: Sample, fpr: float) -> Rate:
    """Returns what `tpr_at_fpr` does, of samples that are checked and sorted already."""
    if not 0 < fpr < 1:
        raise InputError(f"Wrong false positive rate. Expected: 0 < fpr < 1. Received: fpr={fpr}.")
    threshold = background.threshold(fpr * background.total)
    n_background = background.n_parents_above(threshold)
    if not n_background:
        return Rate(None, None, None, threshold, 0, few=True)
    found = efficiency_above(signal, threshold, bounds=threshold_bounds(background, fpr))
    few = background.is_few(threshold)
    return Rate(found.value, found.low, found.high, threshold, n_background, few=few)


def roc_curve(
    background: Float[np.ndarray, " n_background"],
    signal: Float[np.ndarray, " n_signal"],
    *,
    weights: Weights | None = None,
    signal_weights: Weights | None = None,
) -> tuple[Float[np.ndarray, " points"], Float[np.ndarray, " points"]]:
    """Returns false and true positive rates along the ROC curve for a plot, evenly spaced in log(fpr).

    Every point is realized by a threshold, none interpolated. The curve has a few hundred points, begins at
    the lowest false positive rate above zero and ends at (1, 1). With weights of either sign it may fall back.

    Args:
        background: Scores of background events.
        signal: Scores of signal events.
        weights: Weights of background events; None for one each.
        signal_weights: Weights of signal events.

    Returns:
        Two arrays, rising false positive rates and true positive rates.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores, or if weights do not belong
            to the events.
    """
    ordinary = sample(background, "background", weights=weights)
    anomalous = sample(signal, "signal", weights=signal_weights)
    n_background = len(ordinary.scores)
    ranks = np.unique(np.geomspace(1, n_background, _CURVE_POINTS).astype(int))
    thresholds = np.append(ordinary.scores[n_background - 1 - ranks[:-1]], -np.inf)
    fpr, tpr = ordinary.share(thresholds), anomalous.share(thresholds)
    fpr, first = np.unique(fpr, return_index=True)
    return fpr[fpr > 0], tpr[first][fpr > 0]
