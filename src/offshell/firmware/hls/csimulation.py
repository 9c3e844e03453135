"""C simulation of an HLS project: compiled by g++ with the types of the vendor, run on integers."""

import ctypes
from pathlib import Path

import numpy as np
from jaxtyping import Int64

from offshell.errors import InputError
from offshell.firmware.library import compiled

__all__ = ["csimulate"]

# -O2 and -O3 compile no faster and run no faster; with -O0 an event takes 35 times as long.
_BRIDGE = "bridge.cpp"
_OPTIONS = ("-O1", "-w", "-Iap_types", _BRIDGE)


def csimulate(
    folder: Path, integers: Int64[np.ndarray, "n inputs"], *, build: Path
) -> Int64[np.ndarray, "n 2"]:
    """Integer scores and bits by the C++ code of a project.

    Args:
        folder: of the project.
        integers: of each event; bits above the width of an input are ignored where another input is wider.
        build: a folder for the compiled code, which is used again while the project is the same; made if needed.

    Raises:
        InputError: if the integers are not those of events for this project.
        FirmwareError: if the project does not compile.
    """
    library = ctypes.CDLL(str(_compiled(folder, build)))
    n_inputs = ctypes.c_int64.in_dll(library, "trigger_n_inputs").value
    given = _checked(integers, n_inputs)
    found = np.empty((len(given), 2), np.int64)
    simulate = library.trigger_simulate
    simulate.argtypes = [
        np.ctypeslib.ndpointer(np.int64, flags="C"),
        np.ctypeslib.ndpointer(np.int64, flags="C"),
        ctypes.c_int64,
    ]
    simulate.restype = ctypes.c_int64
    misfit = simulate(given, found, len(given))
    if misfit >= 0:
        raise InputError(
            f"Event {misfit} does not fit the inputs of {folder}. Expected: integers as wide as trigger_input_t. "
            f"Received: {given[misfit].min()} to {given[misfit].max()}."
        )
    return found


def _compiled(folder: Path, build: Path) -> Path:
    """The headers of the types do not change, so that the library does not depend on them."""
    parts = [*folder.glob("*.cpp"), *folder.glob("*.h"), *(folder / "network").rglob("*.*")]
    return compiled(folder, _OPTIONS, sources=[folder / _BRIDGE, *sorted(parts)], builds=build)


def _checked(integers: Int64[np.ndarray, "n inputs"], n_inputs: int) -> Int64[np.ndarray, "n inputs"]:
    integers = np.asarray(integers)
    if integers.ndim != 2 or integers.shape[1] != n_inputs or not np.issubdtype(integers.dtype, np.integer):  # noqa: PLR2004 - a table
        raise InputError(
            f"Wrong vectors. Expected: integers, (n, {n_inputs}). Received: {integers.dtype} {integers.shape}."
        )
    return np.ascontiguousarray(integers, np.int64)
