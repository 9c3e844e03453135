"""How much of what passes a trigger is signal, for a stated rate of signal in the collisions."""

from typing import TypedDict

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval

__all__ = ["Estimate", "production_rate_hz", "purity"]

_SQUARE_CENTIMETERS_PER_PICOBARN = 1e-36
_EACH = (1 + CONFIDENCE) / 2  # of two intervals that both hold with CONFIDENCE (Bonferroni)


class Estimate(TypedDict):
    """A number with the bounds of its 95 % interval; None where no event tells."""

    value: float | None
    low: float | None
    high: float | None


def production_rate_hz(cross_section_pb: float, *, luminosity: float = 2e34) -> float:
    """Returns how often a process happens [Hz].

    Args:
        cross_section_pb: Cross section times branching fraction [pb].
        luminosity: Instantaneous luminosity [1 / (cm^2 s)]; the default is that of the LHC in Run 3.

    Raises:
        InputError: If one of them is not a positive number.

    Example:
        >>> round(production_rate_hz(50.0), 9)
        1.0
    """
    rate = cross_section_pb * _SQUARE_CENTIMETERS_PER_PICOBARN * luminosity
    if not (cross_section_pb > 0 and 0 < rate < float("inf")):
        raise InputError(
            "Wrong cross section or luminosity. Expected: positive numbers. "
            f"Received: cross_section_pb={cross_section_pb:g}, luminosity={luminosity:g}."
        )
    return rate


def purity(
    background: tuple[int, int], signal: tuple[int, int], *, input_rate_hz: float, signal_rate_hz: float
) -> Estimate:
    r"""Returns the share of signal among the events that pass.

    .. math:: R_s \epsilon_s / (R_s \epsilon_s + R_b \epsilon_b)

    The interval is conservative: its ends are those of the exact binomial intervals of both efficiencies, each of
    97.5 % confidence, so that both hold with at least 95 %.

    Args:
        background: Background events that passed, and all.
        signal: Signal events that passed, and all.
        input_rate_hz: Rate of all background events [Hz].
        signal_rate_hz: Rate of all signal events [Hz].
    """
    s, s_low, s_high = (signal_rate_hz * efficiency for efficiency in _with_bounds(*signal))
    b, b_low, b_high = (input_rate_hz * efficiency for efficiency in _with_bounds(*background))
    if s + b == 0:
        return {"value": None, "low": None, "high": None}
    return {"value": s / (s + b), "low": s_low / (s_low + b_high), "high": s_high / (s_high + b_low)}


def _with_bounds(n_passed: int, n_events: int) -> tuple[float, float, float]:
    low, high = binomial_interval(n_passed, n_events, confidence=_EACH)
    return n_passed / n_events, float(low), float(high)
