"""Ranges of rows of different lengths, all at once."""

import numpy as np
from jaxtyping import Int

__all__ = ["first_rows", "ranges"]


def ranges(
    start: Int[np.ndarray, " n"], stop: Int[np.ndarray, " n"]
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    """The number of the range, and the row, for every row from each start up to its stop.

    Example:
        >>> owner, row = ranges(np.array([5, 0]), np.array([7, 3]))
        >>> owner.tolist(), row.tolist()
        ([0, 0, 1, 1, 1], [5, 6, 0, 1, 2])
    """
    count = stop - start
    owner = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, start[owner] + within


def first_rows(event: Int[np.ndarray, " n"], n_events: int) -> Int[np.ndarray, " events_and_one"]:
    """Where the rows of each event begin, if events never fall; the number of rows at the end."""
    return np.searchsorted(event, np.arange(n_events + 1))
