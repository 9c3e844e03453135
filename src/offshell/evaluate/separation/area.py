"""The area under the ROC curve, with an interval that also holds for few events."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import norm, t

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.evaluate.separation.sample import Groups, Sample, Weights, by_parent, sample, unit

__all__ = ["Auc", "auc"]

_TAIL = (1 - CONFIDENCE) / 2
_SMALL = 50  # events below which the shares that they outrank do not tell the variance well enough
_ROUNDING = 1e-9
_LARGEST_VARIANCE = 0.25  # of a variable between 0 and 1; a single event does not tell its own


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve.

    Attributes:
        value: The area.
        low: Lower bound of the interval.
        high: Upper bound of the interval.
        few: Whether a sample amounts to fewer than ten independent events.
    """

    value: float
    low: float
    high: float
    few: bool


def auc(
    background: Float[np.ndarray, " n_background"],
    signal: Float[np.ndarray, " n_signal"],
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Weights | None = None,
    signal_groups: Groups | None = None,
) -> Auc:
    r"""Returns the probability that a signal event scores above a background event, ties counting half.

    .. math:: A = P(s > b) + P(s = b) / 2

    The variance is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44 (1988) 837), from the share of the
    other sample that each event outranks; the interval is normal in logit A, so that it stays within 0 and 1. Events
    that share a parent enter the variance together, by the sum of their deviations (Obuchowski, Biometrics 53 (1997)
    567).

    Where a sample amounts to fewer than 50 events, that is too short: the interval becomes the one of Student's t with
    the degrees of freedom of Satterthwaite (Biometrics Bulletin 2 (1946) 110), or that of Newcombe (Stat. Med. 25 (2006)
    559, method 5), whose variance is that of exponential scores, whichever reaches farther on each side. Complete
    separation has no variance: there the interval is the exact binomial one of as many pairs as the smaller sample has
    events.

    Args:
        background: Scores of background events.
        signal: Scores of signal events.
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events.
        signal_groups: Parents of signal events.

    Raises:
        InputError: If a sample is empty, not one-dimensional, or holds NaN or infinite scores, if weights or groups do not
            belong to the events, or if weights of either sign give an area below 0 or above 1.

    Example:
        >>> auc(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.25, 0.5])).value
        0.75
    """
    ordinary = sample(background, "background", weights=weights, groups=groups)
    anomalous = sample(signal, "signal", weights=signal_weights, groups=signal_groups)
    outranked = _share_below(ordinary, anomalous.scores)
    value = _checked(float(np.average(outranked, weights=anomalous.weights)))
    numbers = _n_effective(anomalous), _n_effective(ordinary)
    few = min(numbers) < FEWEST_BACKGROUND
    if value in (0.0, 1.0):
        low, high = binomial_interval(value * min(numbers), min(numbers))
        return Auc(value, float(low), float(high), few)
    above = _share_below(anomalous, ordinary.scores)
    variances = _variance_of_mean(outranked, anomalous), _variance_of_mean(above, ordinary)
    if min(numbers) >= _SMALL:
        return Auc(value, *_in_logit(value, float(norm.isf(_TAIL) * np.sqrt(sum(variances)))), few)
    wide = _in_logit(value, _student_reach(variances, numbers)), _newcombe(value, *numbers)
    return Auc(value, min(low for low, _ in wide), max(high for _, high in wide), few)


def _checked(area: float) -> float:
    if not -_ROUNDING <= area <= 1 + _ROUNDING:
        raise InputError(f"The weights cancel. Expected: an area between 0 and 1. Received: {area:.3g}.")
    return min(max(area, 0.0), 1.0)


def _share_below(others: Sample, scores: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    below = np.searchsorted(others.scores, scores, side="left")
    not_above = np.searchsorted(others.scores, scores, side="right")
    if others.weights is None:
        return (below + not_above) / (2 * len(others.scores))
    lowest = np.concatenate([[0.0], np.cumsum(others.weights)])
    shares: Float[np.ndarray, " n"] = (lowest[below] + lowest[not_above]) / (2 * others.total)
    return shares


def _n_effective(events: Sample) -> float:
    if events.is_plain:
        return float(len(events.scores))
    return events.total / unit(events.weights, events.parents, n=len(events.scores))


def _variance_of_mean(values: Float[np.ndarray, " n"], events: Sample) -> float:
    heavy = np.ones(len(values)) if events.weights is None else events.weights
    deviations = by_parent(heavy * (values - np.average(values, weights=heavy)), events.parents)
    if (n_parents := len(deviations)) == 1:
        return _LARGEST_VARIANCE
    return float(np.square(deviations).sum()) / events.total**2 * n_parents / (n_parents - 1)


def _in_logit(value: float, reach: float) -> tuple[float, float]:
    scaled = reach / (value * (1 - value))
    return float(expit(logit(value) - scaled)), float(expit(logit(value) + scaled))


def _student_reach(variances: tuple[float, float], numbers: tuple[float, float]) -> float:
    total = sum(variances)
    spread = sum(v**2 / max(n - 1, 1) for v, n in zip(variances, numbers, strict=True))
    degrees = max(total**2 / spread, 1) if spread else np.inf
    return float(t.isf(_TAIL, degrees) * np.sqrt(total))


def _newcombe(value: float, n_signal: float, n_background: float) -> tuple[float, float]:
    """The areas that are as far from the one found as their own standard deviations allow."""
    half = max((n_signal + n_background) / 2 - 1, 0)

    def excess(area: float) -> float:
        of_pairs = 1 + half * (1 - area) / (2 - area) + half * area / (1 + area)
        variance = area * (1 - area) / (n_signal * n_background) * of_pairs
        return float((value - area) ** 2 - norm.isf(_TAIL) ** 2 * variance)

    return float(brentq(excess, 0, value)), float(brentq(excess, value, 1))
