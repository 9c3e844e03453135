"""ROC curve, area under it and true positive rate at a false positive rate, with intervals.

Scores are higher for more anomalous events; an event passes when its score is above (not at) the threshold.
All intervals are central ones of 95 % confidence.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit, logit
from scipy.stats import binom, norm

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND, Ranking, ranking, threshold_at_share

__all__ = ["Auc", "Rate", "auc", "roc_curve", "tpr_at_fpr"]

_TAIL = (1 - CONFIDENCE) / 2
_CURVE_POINTS = 300


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve, with the bounds of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """True positive rate at a threshold; None where no background event is above it.

    Attributes:
        value: Share of the signal above the threshold.
        low: Lower bound of the interval.
        high: Upper bound of the interval.
        threshold: The score of a background event; what is above it passes.
        n_background: Background events above the threshold.
        few: Whether these are fewer than ten.
    """

    value: float | None
    low: float | None
    high: float | None
    threshold: float
    n_background: int
    few: bool


def auc(background: Float[np.ndarray, " n_background"], signal: Float[np.ndarray, " n_signal"]) -> Auc:
    r"""Returns the probability that a signal event scores above a background event, ties counting half.

    .. math:: A = P(s > b) + P(s = b) / 2

    The variance is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44 (1988) 837), from the share of the
    other sample that each event outranks; the interval is normal in logit A, so that it stays within 0 and 1.
    Complete separation has no such variance: there the interval is the exact binomial one of as many pairs as
    the smaller sample has events.

    Args:
        background: Scores of background events.
        signal: Scores of signal events.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores.

    Example:
        >>> auc(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.25, 0.5])).value
        0.75
    """
    ranked = ranking(background, signal)
    outranked = _share_below(ranked.background, ranked.signal)
    value = float(outranked.mean())
    if value in (0.0, 1.0):
        n_pairs = min(len(ranked.background), len(ranked.signal))
        return Auc(value, *map(float, binomial_interval(round(value * n_pairs), n_pairs)))
    variance = _variance_of_mean(outranked) + _variance_of_mean(
        _share_below(ranked.signal, ranked.background)
    )
    reach = norm.isf(_TAIL) * np.sqrt(variance) / (value * (1 - value))
    return Auc(value, float(expit(logit(value) - reach)), float(expit(logit(value) + reach)))


def tpr_at_fpr(
    background: Float[np.ndarray, " n_background"], signal: Float[np.ndarray, " n_signal"], fpr: float
) -> Rate:
    """Returns the share of signal above the lowest threshold that at most a share `fpr` of background passes.

    The threshold is the score of a background event, never interpolated, so the realized false positive rate
    is `fpr` or below it (below where `fpr` falls between two events, or events tie). The interval is for the
    true positive rate at `fpr` itself and joins two independent uncertainties by adding the distances to
    their bounds in quadrature (Newcombe, Stat. Med. 17 (1998) 873; Zou and Donner, Stat. Med. 27 (2008) 1693):

    * the finite signal: exact binomial (Clopper and Pearson, Biometrika 26 (1934) 404) at this threshold;
    * the finite background, which decides where the threshold lies: the order statistics between which the true
      quantile lies whatever the distribution (David and Nagaraja, Order Statistics, 7.1). With fewer than four
      events expected above it, the upper one does not exist and the lower bound is 0.

    Args:
        background: Scores of background events.
        signal: Scores of signal events.
        fpr: False positive rate that is allowed, between 0 and 1.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores, or if `fpr` is
            not between 0 and 1.

    Example:
        >>> tpr_at_fpr(np.arange(100.0), np.arange(80.0, 100.0), 0.1).value
        0.5
    """
    if not 0 < fpr < 1:
        raise InputError(f"Wrong false positive rate. Expected: 0 < fpr < 1. Received: fpr={fpr}.")
    ranked = ranking(background, signal)
    threshold = threshold_at_share(ranked.background, fpr)
    n_background = int(ranked.background_above(threshold))
    value, low, high = _rate_interval(ranked, threshold, fpr) if n_background else (None, None, None)
    return Rate(value, low, high, threshold, n_background, few=n_background < FEWEST_BACKGROUND)


def roc_curve(
    background: Float[np.ndarray, " n_background"], signal: Float[np.ndarray, " n_signal"]
) -> tuple[Float[np.ndarray, " points"], Float[np.ndarray, " points"]]:
    """Returns false and true positive rates along the ROC curve for a plot, evenly spaced in log(fpr).

    Every point is realized by a threshold, none interpolated. The curve has a few hundred points, begins at
    the lowest false positive rate above zero and ends at (1, 1).

    Args:
        background: Scores of background events.
        signal: Scores of signal events.

    Returns:
        Two rising arrays, false positive rates and true positive rates.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores.
    """
    ranked = ranking(background, signal)
    n_background = len(ranked.background)
    ranks = np.unique(np.geomspace(1, n_background, _CURVE_POINTS).astype(int))
    thresholds = np.append(ranked.background[n_background - 1 - ranks[:-1]], -np.inf)
    fpr = ranked.background_above(thresholds) / n_background
    tpr = ranked.signal_above(thresholds) / len(ranked.signal)
    fpr, first = np.unique(fpr, return_index=True)
    return fpr[fpr > 0], tpr[first][fpr > 0]


def _share_below(
    others: Float[np.ndarray, " others"], scores: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    below = np.searchsorted(others, scores, side="left")
    not_above = np.searchsorted(others, scores, side="right")
    return (below + not_above) / (2 * len(others))


def _variance_of_mean(values: Float[np.ndarray, " n"]) -> float:
    largest = 0.25  # of a variable between 0 and 1; a single event does not tell its own
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else largest


def _rate_interval(ranked: Ranking, threshold: float, fpr: float) -> tuple[float, float, float]:
    n_signal = len(ranked.signal)
    n_passed = int(ranked.signal_above(threshold))
    value = n_passed / n_signal
    signal_low, signal_high = binomial_interval(n_passed, n_signal)
    threshold_low, threshold_high = ranked.signal_above(_threshold_bounds(ranked, fpr)) / n_signal
    low = value - np.hypot(value - signal_low, value - threshold_low)
    high = value + np.hypot(signal_high - value, threshold_high - value)
    return value, max(float(low), 0.0), min(float(high), 1.0)


def _threshold_bounds(ranked: Ranking, fpr: float) -> tuple[float, float]:
    """Returns the highest and the lowest background score that may be the true threshold."""
    falling = ranked.background[::-1]
    fewest, most = (int(n) for n in binom.ppf([_TAIL, 1 - _TAIL], len(falling), fpr))
    highest = falling[fewest - 1] if fewest > 0 else np.inf
    lowest = falling[most] if most < len(falling) else -np.inf
    return float(highest), float(lowest)
