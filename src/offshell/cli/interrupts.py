"""Ctrl-C and SIGTERM: what was begun is undone, no process stays behind, and the exit status says which it was."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["Stopped", "leave", "stoppable"]

# Functions that C++ calls, where an exception would be swallowed or do harm.
_CALLBACKS = {"_xla_gc_callback"}
_SECONDS_TO_NEXT_TRY = 0.05


class Stopped(BaseException):
    """Somebody asked to stop; not a `KeyboardInterrupt`, because libraries have ideas of their own about that.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextmanager
def stoppable() -> Iterator[None]:
    """In the block, Ctrl-C and SIGTERM raise `Stopped` in the main thread."""
    handlers = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    hook, sys.unraisablehook = sys.unraisablehook, _not_swallowed(sys.unraisablehook)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in handlers.items():
            signal.signal(number, handler)


def leave(number: int) -> NoReturn:
    """End the process with the status 128 + `number`, as shells count.

    Without the usual end of Python, in which JAX, stopped in the middle of its work, ends in a segmentation fault.
    """
    signal.signal(number, signal.SIG_IGN)
    for child in multiprocessing.active_children():  # those of the simulation
        if child.pid:
            os.kill(child.pid, signal.SIGKILL)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(128 + number)


def _stop(number: int, frame: FrameType | None) -> None:
    if frame is not None and frame.f_code.co_name in _CALLBACKS:
        _again(number)
    else:
        raise Stopped(number)


def _not_swallowed(
    usual: "Callable[[UnraisableHookArgs], object]",
) -> "Callable[[UnraisableHookArgs], object]":
    """Python goes on where an exception cannot be raised, as in a destructor; one that should end everything comes again."""

    def hook(unraisable: "UnraisableHookArgs") -> None:
        if isinstance(unraisable.exc_value, Stopped):
            _again(unraisable.exc_value.number)
        else:
            usual(unraisable)

    return hook


def _again(number: int) -> None:
    threading.Timer(_SECONDS_TO_NEXT_TRY, signal.raise_signal, [number]).start()
