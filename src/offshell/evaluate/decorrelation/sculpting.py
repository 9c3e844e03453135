"""Whether a cut changes the spectrum of the background."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import ks_2samp

from offshell.errors import InputError
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["Sculpting", "sculpting"]

_PARTS = 5


@dataclass(frozen=True)
class Sculpting:
    """How far the spectrum of what passes a cut is from that of everything.

    Attributes:
        distance: The largest difference of the two cumulative distributions, from 0 to 1.
        p_value: How often it is as large or larger if the cut knows nothing of the variable.
        shares: Which share passes in each fifth of the events by rising variable.
    """

    distance: float
    p_value: float
    shares: tuple[float, ...]


def sculpting(variable: Float[np.ndarray, " n"], passing: Bool[np.ndarray, " n"]) -> Sculpting:
    r"""Returns whether the spectrum of a variable changes where a cut lets events pass.

    Those that pass are part of all, so the test of Kolmogorov and Smirnov is made between those that pass and those that fail.
    Of a share f that passes, the distance to all is

    .. math:: \sup |F_{pass} - F| = (1 - f) \sup |F_{pass} - F_{fail}| .

    The p-value holds for background events of its own: neither score nor threshold may have learned from them.

    Args:
        variable: Of background events, (n,), such as their mass.
        passing: Which of them pass.

    Raises:
        InputError: If none or all pass, the variable is not finite, or both do not belong to each other.

    Example:
        >>> sculpting(np.arange(100.0), np.arange(100) >= 50).distance
        0.5
    """
    values = checked_scores(variable, "variable")
    if passing.shape != values.shape or passing.all() or not passing.any():
        raise InputError(
            f"No spectra to compare. Expected: some of {len(values)} events that pass and some that fail. "
            f"Received: {int(passing.sum())} of {passing.size} that pass."
        )
    found = ks_2samp(values[passing], values[~passing])
    parts = np.array_split(passing[np.argsort(values, kind="stable")], _PARTS)
    return Sculpting(
        float((1 - passing.mean()) * found.statistic),
        float(found.pvalue),
        tuple(float(part.mean()) for part in parts),
    )
