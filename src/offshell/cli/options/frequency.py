"""Rates and clocks as people write them."""

import re

from offshell.errors import InputError
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["INPUT_RATE", "frequency"]

INPUT_RATE = f"{INPUT_RATE_HZ / 1e6:g}MHz"
"""Of all events, unless told."""

_HERTZ = {"hz": 1.0, "khz": 1e3, "mhz": 1e6}


def frequency(text: str) -> float:
    """A number of hertz from text such as `1kHz` or `200 MHz`; the unit is not guessed.

    Raises:
        InputError: if it is not a positive number with such a unit.

    Example:
        >>> frequency("1kHz")
        1000.0
    """
    found = re.fullmatch(r"([0-9.]+(?:e[+-]?[0-9]+)?)\s*([a-z]*)", text.strip().lower())
    try:
        hertz = float(found[1]) * _HERTZ[found[2]] if found else 0.0
    except (ValueError, KeyError):
        hertz = 0.0
    if hertz <= 0:
        raise InputError(
            f"This is no frequency. Expected: a number with Hz, kHz or MHz, such as 1kHz. Received: {text!r}."
        )
    return hertz
