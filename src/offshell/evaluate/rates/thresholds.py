"""From a trigger rate in Hz to the threshold on a score, and what passes it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from jaxtyping import Float
from scipy.stats import binom

from offshell.errors import InputError
from offshell.evaluate.rates.tail import threshold_in_tail
from offshell.evaluate.separation.efficiency import Bounds, Efficiency, efficiency_above, threshold_bounds
from offshell.evaluate.separation.intervals import exceedance
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.evaluate.separation.sample import Groups, Sample, Weights, sample
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = [
    "OperatingPoint",
    "background_share",
    "point_at_share",
    "signal_efficiency",
    "threshold_at_rate",
]

Scores = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold on a score and what is known of the rate above it.

    Attributes:
        threshold: An event passes when its score is above (not at) this.
        efficiency: Share of the background that is expected to pass.
        rate_hz: Rate of the background that is expected to pass [Hz].
        interval: Lower and upper bound of the rate [Hz], 95 % confidence.
        n_background: Background events that passed, on which rate and interval rest; with groups, their parents.
        method: "counted", or "generalized Pareto tail" for an extrapolation beyond what can be counted.
        few: Whether what passed amounts to fewer than ten independent events.
        share: Share of the background at which the efficiencies of signals are stated: the asked one, or the expected one
            if the asked one is an upper limit; None in files of older versions.
        bounds: The lowest and the highest score that the threshold of this share may have, 95 % confidence, each None
            where the background ends before; None in files of older versions.
    """

    threshold: float
    efficiency: float
    rate_hz: float
    interval: tuple[float, float]
    n_background: int
    method: str
    few: bool
    share: float | None = None
    bounds: Bounds | None = None


def threshold_at_rate(
    background_scores: Scores,
    *,
    rate_hz: float,
    input_rate_hz: float = INPUT_RATE_HZ,
    at_most: float | None = None,
    tail: bool = False,
    weights: Weights | None = None,
    groups: Groups | None = None,
) -> OperatingPoint:
    """Returns the lowest threshold that lets at most a rate of these background events pass.

    The threshold is the score of a background event, so that on a grid of integers it is one of them. What is quoted
    is not the rate of these very events, which have chosen the threshold, but what is expected of new ones: (k + 1) of
    (n + 1) where k of n are above, with the interval of the same Beta distribution (see `exceedance`). It is above the
    asked rate by up to that of one event; with `at_most`, the true rate is below the asked one with this confidence.
    Where more than the allowed events share the highest score, nothing is above it, and one event of n + 1 is quoted.

    Args:
        background_scores: Scores of background events as the trigger sees them.
        rate_hz: Rate that is allowed [Hz].
        input_rate_hz: Rate of all events [Hz]; the default is that of the CMS level-1 trigger.
        at_most: Confidence, such as 0.95, with which the true rate is at most the asked one; None chooses the threshold
            by the rate of these events.
        tail: For rates below that of one event, fit a generalized Pareto distribution to the highest scores instead of
            an error. The result names this method (see `threshold_in_tail`).
        weights: Weights of the events, of either sign; None for one each. Numbers become effective ones.
        groups: Parents of the events, integers that events of one collision share; None for independent events. What
            counts as one event becomes what the parents of the highest events count (see `unit`).

    Raises:
        InputError: If there are too few events for the rate (and `tail` is off or has too few too), if the rate is
            not between 0 and the input rate, if scores are empty, not one-dimensional or not finite, if weights or groups
            do not belong to them or cancel, or if weights, groups or a confidence are given for the fit of a tail.

    Example:
        >>> point = threshold_at_rate(np.arange(1000.0), rate_hz=2.9e6)
        >>> point.threshold, point.n_background, round(point.rate_hz)
        (898.0, 101, 2914286)
    """
    background = sample(background_scores, "background_scores", weights=weights, groups=groups)
    share = background_share(rate_hz, input_rate_hz=input_rate_hz)
    if at_most is not None and not 0 < at_most < 1:
        raise InputError(f"Wrong confidence. Expected: 0 < at_most < 1. Received: at_most={at_most:g}.")
    if share * background.total * (1 + 1e-12) >= background.unit(np.inf):
        return point_at_share(background, share, input_rate_hz=input_rate_hz, at_most=at_most)
    if tail and background.is_plain and at_most is None:
        return _extrapolated(background, share, input_rate_hz)
    one, ten = (ceil(n / share * (1 - 1e-12)) for n in (1, FEWEST_BACKGROUND))
    raise InputError(
        f"Too few background events for {rate_hz:g} of {input_rate_hz:g} Hz. Expected: at least {one:,} ({ten:,} to have "
        f"{FEWEST_BACKGROUND} above the threshold), or tail=True for an extrapolation of independent events of one weight. "
        f"Received: {background.total / background.unit(np.inf):,.0f}."
    )


def point_at_share(
    background: Sample, share: float, *, input_rate_hz: float, at_most: float | None = None
) -> OperatingPoint:
    """Returns what `threshold_at_rate` does, of a sample that is checked and sorted already.

    Args:
        background: The background.
        share: The share that is allowed, at least that of one event.
        input_rate_hz: Rate of all events [Hz].
        at_most: As for `threshold_at_rate`.
    """
    threshold = background.threshold(share * background.total)
    if at_most is not None:
        threshold = background.threshold(_fewer(background, threshold, share, at_most))
    one = background.unit(threshold)
    tied = int(np.searchsorted(background.scores, threshold, side="left"))
    is_tied = len(background.scores) - tied - int(background.n_above(threshold)) > 1
    found = exceedance(float(background.above(threshold)) / one, background.total / one, is_tied=is_tied)
    stated = share if at_most is None else found.expected
    return OperatingPoint(
        threshold,
        found.expected,
        found.expected * input_rate_hz,
        (found.low * input_rate_hz, found.high * input_rate_hz),
        background.n_parents_above(threshold),
        "counted",
        background.is_few(threshold),
        stated,
        threshold_bounds(background, stated),
    )


def signal_efficiency(
    point: OperatingPoint | float,
    signal_scores: Scores,
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
) -> Efficiency:
    """Returns the share of a signal that a rate buys, with an interval.

    Of a point, the interval is that of the efficiency at the asked rate: what is uncertain of the finite signal, and
    where the finite background has put the threshold (see `efficiency_above`). A threshold that is given as a number is
    what it is: there the interval is the exact binomial one.

    Args:
        point: What `threshold_at_rate` returns, or a threshold.
        signal_scores: Scores of signal events.
        weights: Weights of signal events, of either sign; None for one each.
        groups: Parents of signal events, integers that events of one collision share; None for independent events.

    Raises:
        InputError: If the scores are empty, not one-dimensional or not finite, the threshold is NaN, or weights or groups do
            not belong to the scores or cancel.

    Example:
        >>> signal_efficiency(2.5, np.array([1.0, 2.0, 3.0, 4.0])).value
        0.5
    """
    signal = sample(signal_scores, "signal_scores", weights=weights, groups=groups)
    if isinstance(point, OperatingPoint):
        return efficiency_above(signal, point.threshold, bounds=point.bounds)
    if np.isnan(point):
        raise InputError("The threshold is not a number. Expected: a score. Received: NaN.")
    return efficiency_above(signal, point)


def background_share(rate_hz: float, *, input_rate_hz: float = INPUT_RATE_HZ) -> float:
    """Returns the share of all events that a rate is.

    Args:
        rate_hz: Rate of accepted events [Hz].
        input_rate_hz: Rate of all events [Hz].

    Raises:
        InputError: If the rate is not between 0 and the input rate.
    """
    if not 0 < rate_hz < input_rate_hz < np.inf:
        raise InputError(
            f"Wrong rate. Expected: 0 < rate_hz < input_rate_hz. Received: rate_hz={rate_hz:g}, "
            f"input_rate_hz={input_rate_hz:g}."
        )
    return rate_hz / input_rate_hz


def _fewer(background: Sample, threshold: float, share: float, confidence: float) -> float:
    """The largest weight above a threshold that a true share above the asked one leaves with too low a probability."""
    one = background.unit(threshold)
    n_events = round(background.total / one)
    n_above = int(binom.ppf(1 - confidence, n_events, share))
    n_above -= int(binom.cdf(n_above, n_events, share) > 1 - confidence)
    if n_above < 0:
        needed = np.log(1 - confidence) / np.log1p(-share)
        raise InputError(
            f"Too few background events for a rate that is at most the asked one with {100 * confidence:g} % confidence. "
            f"Expected: at least {ceil(needed):,}. Received: {n_events:,}."
        )
    return n_above * one


def _extrapolated(background: Sample, share: float, input_rate_hz: float) -> OperatingPoint:
    point = threshold_in_tail(background.scores, share)
    return OperatingPoint(
        point.threshold,
        point.expected,
        point.expected * input_rate_hz,
        (point.low * input_rate_hz, point.high * input_rate_hz),
        int(background.n_above(point.threshold)),
        "generalized Pareto tail",
        few=True,
        share=share,
        bounds=point.bounds,
    )
