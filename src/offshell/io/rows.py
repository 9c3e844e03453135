"""Which rows of a file are read, and in batches of which size."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Shaped

from offshell.errors import InputError

__all__ = ["batches", "refuse_empty", "refuse_impossible_range", "refuse_nothing_left"]


def batches(
    parts: Iterable[Shaped[np.ndarray, "part ..."]], *, batch_size: int
) -> Iterator[Shaped[np.ndarray, "batch ..."]]:
    """Yields the rows of parts of any length in batches of one length; only the last may be shorter.

    Example:
        >>> [batch.tolist() for batch in batches([np.array([1]), np.array([2, 3, 4, 5])], batch_size=2)]
        [[1, 2], [3, 4], [5]]

    Raises:
        InputError: If `batch_size` is not positive.
    """
    if batch_size < 1:
        raise InputError(f"Wrong batch_size. Expected: at least 1. Received: batch_size={batch_size}.")
    held = None
    for part in parts:
        held = part if held is None else np.concatenate([held, part])
        while len(held) >= batch_size:
            yield held[:batch_size]
            held = held[batch_size:]
    if held is not None and len(held):
        yield held


def refuse_impossible_range(start: int, stop: int | None, *, unit: str) -> None:
    """Raises `InputError` if the range counts from below zero.

    Args:
        start: The first row.
        stop: One past the last row; None for the end of the file.
        unit: What the rows are, "jets" or "events".
    """
    if min(start, 0 if stop is None else stop) < 0:
        raise InputError(
            f"Wrong range of {unit}. Expected: 0 <= start < stop. Received: start={start}, stop={stop}."
        )


def refuse_empty(path: Path, n_rows: int, *, unit: str) -> None:
    """Raises `InputError` if a file has no rows."""
    if n_rows < 1:
        raise InputError(f"{path}: no {unit}. Expected: at least one. Received: {n_rows}.")


def refuse_nothing_left(path: str | Path, n_read: int, *, start: int, stop: int | None, unit: str) -> None:
    """Raises `InputError` if nothing was read from the range."""
    if n_read < 1:
        raise InputError(
            f"{path}: no {unit} left. Expected: at least one from {start} to {stop}. Received: {n_read}."
        )
