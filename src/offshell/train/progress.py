"""The progress bar of a training."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from offshell.train.course import History

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(epochs: int, *, shown: bool) -> Iterator[Callable[[Sequence[History]], None]]:
    """A bar of epochs on the error stream; gives a function that shows how far some trainings are."""
    columns = (
        TextColumn("Training"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as bar:
        task = bar.add_task("epochs", total=epochs, losses="compiling")

        def show(histories: Sequence[History]) -> None:
            completed = max(len(history["loss"]) for history in histories)
            bar.update(task, completed=completed, losses=_losses(histories))

        yield show


def _losses(histories: Sequence[History]) -> str:
    loss, val_loss = (np.mean([history[name][-1] for history in histories]) for name in ("loss", "val_loss"))
    of = f"  mean of {len(histories)} models" if len(histories) > 1 else ""
    return f"loss {loss:.4f}  validation {val_loss:.4f}{of}"
