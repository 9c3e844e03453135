"""Rows of events of different lengths, all at once."""

from typing import Protocol, Self, TypeVar

import numpy as np
from jaxtyping import Bool, Int

__all__ = ["first_rows", "of_events", "ranges", "renumbered", "rows_of", "starts"]


class Rows(Protocol):
    """Columns of equal length, one of them the number of the event."""

    @property
    def event(self) -> Int[np.ndarray, " n"]:
        """Of each row."""

    def where(self, mask: Bool[np.ndarray, " n"], /) -> Self:
        """Some of the rows."""

    def moved_to(self, event: Int[np.ndarray, " n"], /) -> Self:
        """The same rows in other events."""


AnyRows = TypeVar("AnyRows", bound=Rows)


def of_events(rows: AnyRows, kept: Bool[np.ndarray, " events"]) -> AnyRows:
    """The rows of the events that are kept, in events that are numbered without gaps."""
    rows = rows.where(kept[rows.event])
    return rows.moved_to(renumbered(rows.event, kept))


def renumbered(event: Int[np.ndarray, " n"], kept: Bool[np.ndarray, " events"]) -> Int[np.ndarray, " n"]:
    """The number of each event among those that are kept; all of `event` must be among them.

    Example:
        >>> renumbered(np.array([1, 1, 3]), np.array([False, True, False, True])).tolist()
        [0, 0, 1]
    """
    number: Int[np.ndarray, " n"] = (np.cumsum(kept) - 1)[event]
    return number


def starts(count: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """Where each of some groups of rows begins that follow one another, from how many rows each has."""
    first: Int[np.ndarray, " n"] = np.cumsum(count) - count
    return first


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
    within = np.arange(len(owner)) - np.repeat(starts(count), count)
    return owner, start[owner] + within


def rows_of(
    event: Int[np.ndarray, " n"], wanted: Int[np.ndarray, " k"]
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    """The place among those wanted, and the row, for every row of each wanted event, if events never fall.

    Example:
        >>> place, row = rows_of(np.array([0, 0, 2, 2, 2]), np.array([2, 1, 0]))
        >>> place.tolist(), row.tolist()
        ([0, 0, 0, 2, 2], [2, 3, 4, 0, 1])
    """
    return ranges(np.searchsorted(event, wanted), np.searchsorted(event, wanted, side="right"))


def first_rows(event: Int[np.ndarray, " n"], n_events: int) -> Int[np.ndarray, " events_and_one"]:
    """Where the rows of each event begin, if events never fall; the number of rows at the end."""
    return np.searchsorted(event, np.arange(n_events + 1))
