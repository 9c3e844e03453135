"""Which rates a number of background events can tell."""

from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["about_reach", "hertz"]


def about_reach(n_events: int, *, input_rate_hz: float = INPUT_RATE_HZ) -> str:
    """Returns a sentence on what one event is worth, and below which rate there are too few.

    Events that share a parent count less: rates then need more of them.

    Args:
        n_events: Background events for the test.
        input_rate_hz: Rate of all background events [Hz].

    Example:
        >>> about_reach(40_000)
        '40,000 test events of 28.6 MHz: one event is 715 Hz; rates below 7.15 kHz rest on fewer than ten.'
    """
    one = input_rate_hz / n_events
    return (
        f"{n_events:,} test events of {hertz(input_rate_hz)}: one event is {hertz(one)}; rates below "
        f"{hertz(FEWEST_BACKGROUND * one)} rest on fewer than ten."
    )


def hertz(rate_hz: float) -> str:
    """Returns a rate to three digits with the unit that fits it.

    Args:
        rate_hz: Rate [Hz].

    Example:
        >>> hertz(7150.0)
        '7.15 kHz'
    """
    for unit, size in (("MHz", 1e6), ("kHz", 1e3)):
        if rate_hz >= size:
            return f"{rate_hz / size:.3g} {unit}"
    return f"{rate_hz:.3g} Hz"
