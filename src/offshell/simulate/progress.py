"""A progress bar for simulated jets or events, with their speed and that of collisions."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

__all__ = ["Chunk", "with_progress"]


class Chunk(Protocol):
    """Some simulated jets or events."""

    @property
    def n_tried(self) -> int:
        """Collisions generated for them."""

    def __len__(self) -> int: ...


AnyChunk = TypeVar("AnyChunk", bound=Chunk)


def with_progress(
    chunks: Iterator[AnyChunk], n_wanted: int | None, *, title: str, unit: str
) -> Iterator[AnyChunk]:
    """Pass chunks on and show on standard error how far they are.

    Args:
        chunks: What `iter_jets` or `iter_events` gives.
        n_wanted: How many jets or events there will be in all, if that is known.
        title: What stands before the bar.
        unit: What they are called.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    speed = TextColumn("{task.fields[speed]}")
    start, n_tried = time.monotonic(), 0
    with Progress(*columns, speed, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=n_wanted, speed="")
        for chunk in chunks:
            n_tried += chunk.n_tried
            bar.update(task, advance=len(chunk))
            seconds, done = time.monotonic() - start, bar.tasks[0].completed
            rates = f"{done / seconds:.0f} {unit}/s, {n_tried / seconds:.0f} collisions/s"
            bar.update(task, speed=f"{_left(seconds, done, n_wanted)}{rates}")
            yield chunk


def _left(seconds: float, done: float, n_wanted: int | None) -> str:
    """From the mean speed so far: chunks are further apart than the time over which a bar looks back."""
    if not done or n_wanted is None:
        return ""
    return f"{timedelta(seconds=round(seconds * (n_wanted / done - 1)))} left, "
