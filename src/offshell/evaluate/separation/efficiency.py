"""The share of a signal above a threshold that a finite background has chosen."""

from dataclasses import dataclass

from scipy.stats import binom

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, joined
from offshell.evaluate.separation.sample import Sample

__all__ = ["Bounds", "Efficiency", "efficiency_above", "threshold_bounds"]

Bounds = tuple[float | None, float | None]
"""The lowest and the highest score that a threshold may have; None where the background ends before."""

_TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True)
class Efficiency:
    """Share of a sample above a threshold, with the bounds of its interval."""

    value: float
    low: float
    high: float


def efficiency_above(signal: Sample, threshold: float, *, bounds: Bounds | None = None) -> Efficiency:
    """Returns the share of a signal above a threshold; with the bounds of the threshold, the interval has both uncertainties.

    * The finite signal: exact binomial (Clopper and Pearson, Biometrika 26 (1934) 404) at this threshold.
    * The finite background: the shares above the bounds of the threshold.

    The distances to both bounds add in quadrature (see `joined`). Without upper bound of the threshold, the lower one of
    the share is 0.

    Args:
        signal: The signal.
        threshold: What is above it passes.
        bounds: Scores between which the threshold lies, as `threshold_bounds` returns them; None for a threshold that is
            what it is.

    Raises:
        InputError: If weights of either sign give a share below 0 or above 1.
    """
    value = float(signal.share(threshold))
    own = signal.share_interval(threshold)
    if bounds is None:
        return Efficiency(value, *own)
    lowest, highest = bounds
    least = 0.0 if highest is None else float(signal.share(highest))
    shifted = least, 1.0 if lowest is None else float(signal.share(lowest))
    return Efficiency(value, *joined(value, own, shifted))


def threshold_bounds(background: Sample, share: float) -> Bounds:
    """Returns the scores between which the true threshold of a share lies, with 95 % confidence.

    These are the order statistics between which the true quantile lies whatever the distribution (David and Nagaraja,
    Order Statistics, 2003, 7.1). With fewer than four events expected above it, the upper one does not exist.

    Args:
        background: The background; with weights or parents, effective numbers take the place of numbers of events.
        share: The share above the threshold, between 0 and 1.
    """
    one = background.unit(background.threshold(share * background.total))
    n_events = round(background.total / one)
    if n_events < 1:
        raise InputError(
            "The weights of the background cancel. Expected: at least one effective event. Received: none."
        )
    fewest, most = (int(n) for n in binom.ppf([_TAIL, 1 - _TAIL], n_events, share))
    lowest = background.threshold(most * one) if most < n_events else None
    return lowest, background.threshold((fewest - 1) * one) if fewest > 0 else None
