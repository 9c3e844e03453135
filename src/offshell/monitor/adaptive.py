"""A threshold that follows the scores, so that the rate stays where it was asked to be."""

from math import ceil

import numpy as np
from jaxtyping import Float

from offshell.evaluate.rates.thresholds import background_share, threshold_at_rate
from offshell.evaluate.separation.ranking import checked_scores, threshold_at_share
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["AdaptiveThreshold"]

_N_PASSING = 200  # events of the window above the threshold, which are uncertain by 7 %


class AdaptiveThreshold:
    """The threshold that the latest events would have needed for a rate.

    It is the quantile of a sliding window, as long as it takes for 200 events to pass, which begins with the reference.
    At each moment it rests on the past only. The statistical error of the rate that it holds is 7 %, a drift is followed
    with the delay of half a window: 1 kHz of 28.6 MHz needs a window of 5.7 million scores. Scores that already passed a
    looser trigger do it with fewer: give its rate as the input rate.

    Args:
        reference: Scores of background events in random order, to start with.
        rate_hz: Rate to hold [Hz].
        input_rate_hz: Rate of all events whose scores are given [Hz].

    Raises:
        InputError: If the reference has too few events for the rate, or is not finite, or the rate is impossible.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> adaptive = AdaptiveThreshold(rng.normal(size=10_000), rate_hz=1.0, input_rate_hz=100.0)
        >>> before = adaptive.threshold
        >>> adaptive.update(rng.normal(1, 1, size=20_000))
        >>> bool(adaptive.threshold > before + 0.8)
        True
    """

    def __init__(
        self, reference: Float[np.ndarray, " n"], *, rate_hz: float, input_rate_hz: float = INPUT_RATE_HZ
    ) -> None:
        self._share = background_share(rate_hz, input_rate_hz=input_rate_hz)
        self._length = ceil(_N_PASSING / self._share)
        self.threshold = threshold_at_rate(reference, rate_hz=rate_hz, input_rate_hz=input_rate_hz).threshold
        self._window = np.asarray(reference, np.float64)[-self._length :]

    def update(self, scores: Float[np.ndarray, " m"]) -> None:
        """Takes new events into account; `threshold` is then the one for the events after them.

        Args:
            scores: Scores of all events since the last time, whether they passed or not.

        Raises:
            InputError: If they are empty, not one-dimensional or not finite.
        """
        latest = checked_scores(scores, "scores")
        self._window = np.concatenate([self._window, latest])[-self._length :]
        self.threshold = threshold_at_share(np.sort(self._window), self._share)
