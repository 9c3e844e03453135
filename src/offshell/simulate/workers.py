"""Worker processes of the simulation: they end with the process that started them, however that ends."""

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

import joblib

__all__ = ["in_order"]

_SECONDS_BETWEEN_LOOKS = 1.0


def in_order(tasks: Iterable[Any], *, workers: int | None) -> Iterator[Any]:
    """The results of delayed functions in the order of the tasks, as soon as they are ready.

    Args:
        tasks: made with `joblib.delayed`.
        workers: processes to use; all cores by default.
    """
    parallel = joblib.Parallel(
        n_jobs=workers or joblib.cpu_count(), return_as="generator", initializer=_end_with_parent
    )
    with _ctrl_c_left_to_parent():
        results: Iterator[Any] = parallel(tasks)
        return results


@contextmanager
def _ctrl_c_left_to_parent() -> Iterator[None]:
    """A terminal sends Ctrl-C to all processes; those that are started here do not get it, so that one of them answers."""
    resource_tracker.ensure_running()  # Python 3.11 unblocks Ctrl-C when it starts this helper
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    threading.Thread(target=_watch, args=[os.getppid()], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)
