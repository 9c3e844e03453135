"""Checks of the numbers that a user gives."""

import numpy as np

from offshell.errors import InputError

__all__ = ["check_counts"]


def check_counts(*, seed: int, workers: int | None, **n_wanted: int | None) -> None:
    """Refuse what is not a whole number, or too small.

    Args:
        seed: At least 0.
        workers: At least 1, or None for all cores.
        **n_wanted: At least 1, by the name that the message is to give.

    Raises:
        InputError: One of them is out of range.
    """
    checks = [*((name, value, 1) for name, value in n_wanted.items()), ("seed", seed, 0)]
    if workers is not None:
        checks.append(("workers", workers, 1))
    for name, value, least in checks:
        if value is None or not _is_whole(value) or value < least:
            raise InputError(
                f"{name} is not a valid count. Expected: an integer >= {least}. Received: {value!r}."
            )


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
