"""A progress bar for simulated jets, with the speed in jets and in collisions."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from offshell.simulate.production import JetChunk

__all__ = ["shown"]


def shown(chunks: Iterator["JetChunk"], n_jets: int, *, title: str) -> Iterator["JetChunk"]:
    """Pass chunks on and show on standard error how far they are.

    Args:
        chunks: What `iter_jets` gives.
        n_jets: How many jets there will be in all.
        title: What stands before the bar.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("jets"))
    speed = TextColumn("{task.fields[speed]}")
    start, n_tried = time.monotonic(), 0
    with Progress(*columns, TimeRemainingColumn(), speed, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=n_jets, speed="")
        for chunk in chunks:
            n_tried += chunk.n_tried
            bar.update(task, advance=len(chunk.constituents))
            seconds = time.monotonic() - start
            rates = f"{bar.tasks[0].completed / seconds:.0f} jets/s, {n_tried / seconds:.0f} collisions/s"
            bar.update(task, speed=rates)
            yield chunk
