"""Numbers of events as people write them."""

from offshell.errors import InputError

__all__ = ["count"]


def count(text: str) -> int:
    """A whole number from text such as `20000` or `1e6`.

    Raises:
        InputError: if it is none.

    Example:
        >>> count("1e6")
        1000000
    """
    try:
        number = float(text)
        whole = int(number)
    except (ValueError, OverflowError):
        number, whole = 0.5, 0
    if number != whole:
        raise InputError(f"This is no number of events. Expected: such as 20000 or 1e6. Received: {text!r}.")
    return whole
