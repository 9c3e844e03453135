"""The C++ emulator of a design: one header, one source, the integers of the firmware at millions of events a second.

CMS emulates its level-1 trigger in software; what it takes of a design is a function of integers behind a small header.
Nothing of this package is needed to compile or to call it.
"""

import ctypes
import statistics
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64, UInt8

from offshell.errors import InputError
from offshell.firmware.emulator.translation import translated
from offshell.firmware.library import compiled
from offshell.firmware.rendering import render
from offshell.firmware.trigger.ports import Ports, checked

__all__ = ["emulate", "events_per_second", "write_emulator"]

_HEADER, _SOURCE = "trigger.h", "trigger.cpp"
_OPTIMIZED = "-O3"
_WORD = 32
_REPETITIONS = 5


def write_emulator(program: Any, folder: Path, ports: Ports) -> None:  # noqa: ANN401 - alkaid's CombLogic, which only the compiler's file imports
    """Writes `trigger.h` and `trigger.cpp`.

    Args:
        program: What `compiler.trace` returns.
        folder: Where they go; made if needed.
        ports: Of the design; the outputs are the score and the bit.

    Raises:
        InputError: If an input has more than 32 bits, a result more than 62, or the outputs are not a score and one bit.
    """
    widest = max(form.bits + (not form.signed) for form in ports.inputs)
    if len(ports.outputs) != 2 or widest > _WORD:  # noqa: PLR2004 - score and bit
        raise InputError(
            f"No emulator for these ports. Expected: 2 outputs, inputs that fit {_WORD} bits with a sign. "
            f"Received: {len(ports.outputs)} outputs, inputs of {widest} bits."
        )
    translation = translated(program)
    render(
        "trigger.h.jinja",
        folder / _HEADER,
        n_inputs=len(ports.inputs),
        score_fraction=ports.outputs[0].fraction,
    )
    render(
        "trigger.cpp.jinja",
        folder / _SOURCE,
        n_inputs=len(ports.inputs),
        word=_WORD if translation.bits <= _WORD else 2 * _WORD,
        tables=translation.tables,
        statements=translation.statements,
    )


def emulate(
    folder: Path, integers: Int64[np.ndarray, "n inputs"], ports: Ports, *, builds: Path
) -> Int64[np.ndarray, "n 2"]:
    """Integer scores and bits by the C++ emulator.

    Args:
        folder: Where `trigger.h` and `trigger.cpp` are.
        integers: Events.
        ports: Of the design.
        builds: A folder that keeps the compiled emulator, which is reused while the sources are the same.

    Raises:
        InputError: If the events do not fit the ports.
        FirmwareError: If the emulator cannot be compiled.
    """
    run, scores, accepts = _prepared(folder, integers, ports, builds)
    run()
    return np.stack([scores, accepts], axis=1).astype(np.int64)


def events_per_second(
    folder: Path, integers: Int64[np.ndarray, "n inputs"], ports: Ports, *, builds: Path
) -> float:
    """The speed of the emulator on one core: the median of five times through the events."""
    run, _, _ = _prepared(folder, integers, ports, builds)
    return len(integers) / statistics.median(timeit.repeat(run, number=1, repeat=_REPETITIONS))


def _prepared(
    folder: Path, integers: Int64[np.ndarray, "n inputs"], ports: Ports, builds: Path
) -> tuple[Callable[[], None], Int64[np.ndarray, " n"], UInt8[np.ndarray, " n"]]:
    """A call that fills the two arrays."""
    given = np.ascontiguousarray(checked(integers, ports.inputs), np.int32)
    scores, accepts = np.empty(len(given), np.int64), np.empty(len(given), np.uint8)
    sources = [folder / _HEADER, folder / _SOURCE]
    library = compiled(folder, [_OPTIMIZED, _SOURCE], sources=sources, builds=builds)
    decide = ctypes.CDLL(str(library)).trigger_decide
    decide.restype = None
    decide.argtypes = [
        np.ctypeslib.ndpointer(np.int32, flags="C"),
        ctypes.c_int64,
        np.ctypeslib.ndpointer(np.int64, flags="C"),
        np.ctypeslib.ndpointer(np.uint8, flags="C"),
    ]
    return lambda: decide(given, len(given), scores, accepts), scores, accepts
