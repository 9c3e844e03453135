"""The C++ emulator of a design: one header, one source, the integers of the firmware at millions of events a second.

CMS emulates its level-1 trigger in software; what it takes of a design is a function of integers behind a small header.
Nothing of this package is needed to compile or to call it.
"""

import ctypes
import hashlib
import statistics
import subprocess
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64, UInt8

from offshell.data.store import replacing
from offshell.errors import FirmwareError, InputError
from offshell.firmware.ports import Ports, checked
from offshell.firmware.rendering import render
from offshell.firmware.translation import translated

__all__ = ["emulate", "events_per_second", "write_emulator"]

_COMPILER = ("g++", "-std=c++17", "-O3", "-fPIC", "-shared")
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
        folder / "trigger.h",
        n_inputs=len(ports.inputs),
        score_fraction=ports.outputs[0].fraction,
    )
    render(
        "trigger.cpp.jinja",
        folder / "trigger.cpp",
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
    decide = ctypes.CDLL(str(_compiled(folder, builds))).trigger_decide
    decide.restype = None
    decide.argtypes = [
        np.ctypeslib.ndpointer(np.int32, flags="C"),
        ctypes.c_int64,
        np.ctypeslib.ndpointer(np.int64, flags="C"),
        np.ctypeslib.ndpointer(np.uint8, flags="C"),
    ]
    return lambda: decide(given, len(given), scores, accepts), scores, accepts


def _compiled(folder: Path, builds: Path) -> Path:
    sources = [folder / "trigger.h", folder / "trigger.cpp"]
    digest = hashlib.sha256(" ".join(_COMPILER).encode() + b"".join(_content(path) for path in sources))
    library = builds / f"emulator-{digest.hexdigest()[:16]}.so"
    if not library.exists():
        with replacing(library) as temporary:
            _compile(sources[1], temporary)
    return library.resolve()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"Cannot read the emulator {path}. Expected: C++ of a design. Received: {error}."
        ) from None


def _compile(source: Path, library: Path) -> None:
    try:
        subprocess.run([*_COMPILER, source, "-o", library], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise FirmwareError(
            "There is no C++ compiler. Expected: g++ 9 or later on PATH. Received: none."
        ) from None
    except subprocess.CalledProcessError as error:
        errors = [line for line in error.stderr.splitlines() if "error" in line]
        raise FirmwareError(
            f"The emulator does not compile. Expected: C++17. Received: {errors[0] if errors else error.stderr[-200:]}."
        ) from None
