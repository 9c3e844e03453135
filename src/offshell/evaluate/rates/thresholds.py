"""From a trigger rate in Hz to the threshold on a score, and what passes it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.rates.tail import threshold_in_tail
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND, checked_scores, threshold_at_share
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = [
    "Efficiency",
    "OperatingPoint",
    "background_share",
    "signal_efficiency",
    "threshold_at_rate",
]

Scores = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold on a score and what is known of the rate above it.

    Attributes:
        threshold: An event passes when its score is above (not at) this.
        efficiency: Share of the background that passes.
        rate_hz: Rate of the background that passes [Hz].
        interval: Lower and upper bound of the rate [Hz], 95 % confidence.
        n_background: Background events that passed, on which rate and interval rest.
        method: "counted", or "generalized Pareto tail" for an extrapolation beyond what can be counted.
    """

    threshold: float
    efficiency: float
    rate_hz: float
    interval: tuple[float, float]
    n_background: int
    method: str


@dataclass(frozen=True)
class Efficiency:
    """Share of a sample above a threshold, with the bounds of its interval."""

    value: float
    low: float
    high: float


def threshold_at_rate(
    background_scores: Scores, *, rate_hz: float, input_rate_hz: float = INPUT_RATE_HZ, tail: bool = False
) -> OperatingPoint:
    """Returns the lowest threshold that lets at most a rate of background pass.

    The threshold is the score of a background event, so that on a grid of integers it is one of them. What is quoted
    is the rate of `score > threshold` in these events, which is below the asked one where it falls between two events or
    scores tie: where more than the allowed events share the highest score, nothing is above it and the rate is 0. The
    interval is the exact binomial one (Clopper and Pearson, Biometrika 26 (1934) 404).

    Args:
        background_scores: Scores of background events as the trigger sees them, without weights.
        rate_hz: Rate that is allowed [Hz].
        input_rate_hz: Rate of all events [Hz]; the default is that of the CMS level-1 trigger.
        tail: For rates below that of one event, fit a generalized Pareto distribution to the highest scores instead of
            an error. The result names this method, its rate is the asked one and its interval that of the fit.

    Raises:
        InputError: If there are too few events for the rate (and `tail` is off or has too few too), if the rate is
            not between 0 and the input rate, or if scores are empty, not one-dimensional or not finite.

    Example:
        >>> point = threshold_at_rate(np.arange(1000.0), rate_hz=2.9e6)
        >>> point.threshold, point.n_background, point.rate_hz
        (898.0, 101, 2888600.0)
    """
    rising = np.sort(checked_scores(background_scores, "background_scores"))
    share = background_share(rate_hz, input_rate_hz=input_rate_hz)
    if share * len(rising) * (1 + 1e-12) >= 1:
        return _counted(rising, share, input_rate_hz)
    if tail:
        return _extrapolated(rising, share, input_rate_hz)
    one, ten = (ceil(n / share * (1 - 1e-12)) for n in (1, FEWEST_BACKGROUND))
    raise InputError(
        f"Too few background events for {rate_hz:g} of {input_rate_hz:g} Hz. Expected: at least {one:,} ({ten:,} to have "
        f"{FEWEST_BACKGROUND} above the threshold), or tail=True for an extrapolation. Received: {len(rising):,}."
    )


def signal_efficiency(point: OperatingPoint | float, signal_scores: Scores) -> Efficiency:
    """Returns the share of a signal above a threshold, with the exact binomial interval at this threshold.

    That the background events might have put the threshold elsewhere is not in the interval; it is in that of
    `tpr_at_fpr` and of `efficiencies_at_rates`.

    Args:
        point: What `threshold_at_rate` returns, or a threshold.
        signal_scores: Scores of signal events.

    Raises:
        InputError: If the scores are empty, not one-dimensional or not finite, or the threshold is NaN.

    Example:
        >>> signal_efficiency(2.5, np.array([1.0, 2.0, 3.0, 4.0])).value
        0.5
    """
    scores = checked_scores(signal_scores, "signal_scores")
    threshold = point.threshold if isinstance(point, OperatingPoint) else point
    if np.isnan(threshold):
        raise InputError("The threshold is not a number. Expected: a score. Received: NaN.")
    n_passed = int((scores > threshold).sum())
    low, high = binomial_interval(n_passed, len(scores))
    return Efficiency(n_passed / len(scores), float(low), float(high))


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


def _counted(rising: Scores, share: float, input_rate_hz: float) -> OperatingPoint:
    threshold = threshold_at_share(rising, share)
    n_passed = len(rising) - int(np.searchsorted(rising, threshold, side="right"))
    low, high = binomial_interval(n_passed, len(rising))
    efficiency = n_passed / len(rising)
    interval = (float(low) * input_rate_hz, float(high) * input_rate_hz)
    return OperatingPoint(threshold, efficiency, efficiency * input_rate_hz, interval, n_passed, "counted")


def _extrapolated(rising: Scores, share: float, input_rate_hz: float) -> OperatingPoint:
    point = threshold_in_tail(rising, share)
    n_passed = len(rising) - int(np.searchsorted(rising, point.threshold, side="right"))
    interval = (point.low * input_rate_hz, point.high * input_rate_hz)
    return OperatingPoint(
        point.threshold, share, share * input_rate_hz, interval, n_passed, "generalized Pareto tail"
    )
