"""Golden vectors: events and the outputs that every way of computing a design has to give, shipped with the design.

All of them are in `golden.npz`, compressed: 3 to 5 MB for 100,000 events of 57 inputs, 12 MB if they were random. Simulators
read text, which is larger and makes them slow, so that only some are in `inputs.hex` and `expected.hex` too: one event a line,
the wires of `model_inp` and `model_out` as a hexadecimal number, as `$readmemh` wants it.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int64, Integer

from offshell.errors import InputError
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.ports import Ports, pack
from offshell.io.replacing import replacing

__all__ = ["ARRAYS", "EXPECTED", "INPUTS", "Golden", "read_golden", "write_golden"]

ARRAYS = "golden.npz"
INPUTS = "inputs.hex"
EXPECTED = "expected.hex"

_KINDS = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True)
class Golden:
    """Vectors of a design.

    Attributes:
        inputs: Integers on the wires of `model_inp`, `(n, inputs)`.
        expected: Integers on those of `model_out`, `(n, outputs)`.
        as_text: Which events are in the text files too, in their order.
    """

    inputs: Int64[np.ndarray, "n inputs"]
    expected: Int64[np.ndarray, "n outputs"]
    as_text: Int64[np.ndarray, " some"]


def write_golden(folder: Path, golden: Golden, ports: Ports) -> None:
    """Writes the three files.

    Raises:
        InputError: If the integers do not fit the ports, or the files cannot be written.
    """
    for name, lines in _texts(golden, ports).items():
        with replacing(folder / name) as temporary:
            temporary.write_text("".join(f"{line}\n" for line in lines))
    with replacing(folder / ARRAYS) as temporary:
        np.savez_compressed(
            temporary,
            inputs=_narrowest(golden.inputs),
            expected=_narrowest(golden.expected),
            as_text=_narrowest(golden.as_text),
        )


def read_golden(folder: Path, ports: Ports) -> Golden:
    """Reads and checks the three files.

    Raises:
        InputError: If one is missing, damaged, does not fit the ports, or if the text differs from the arrays.
    """
    golden = _read_arrays(folder / ARRAYS)
    for name, lines in _texts(golden, ports).items():
        _check_text(folder / name, lines)
    return golden


def _texts(golden: Golden, ports: Ports) -> dict[str, list[str]]:
    if len(golden.inputs) != len(golden.expected):
        counts = f"{len(golden.inputs)} inputs and {len(golden.expected)} outputs"
        raise InputError(f"Wrong golden vectors. Expected: as many outputs as inputs. Received: {counts}.")
    return {
        INPUTS: _hexadecimal(golden.inputs, golden.as_text, ports.inputs),
        EXPECTED: _hexadecimal(golden.expected, golden.as_text, ports.outputs),
    }


def _hexadecimal(
    integers: Int64[np.ndarray, "n elements"], rows: Int64[np.ndarray, " some"], formats: Sequence[Fixed]
) -> list[str]:
    """One line for each of the rows; all integers are checked, not only those of the rows."""
    words = pack(integers, formats)[rows]
    n_digits = max(1, -(-sum(form.bits for form in formats) // 4))
    text = words[:, ::-1].astype(">u8").tobytes().hex()
    width = 16 * words.shape[1]
    return [text[end - n_digits : end] for end in range(width, len(text) + 1, width)]


def _read_arrays(path: Path) -> Golden:
    try:
        with (
            path.open("rb") as stream,
            np.load(stream) as file,
        ):  # not by name: NumPy leaves a damaged file open
            return Golden(**{name: file[name].astype(np.int64) for name in Golden.__dataclass_fields__})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(
            f"Cannot read the golden vectors {path}. Expected: a file of offshell. Received: {error}."
        ) from None


def _check_text(path: Path, lines: Sequence[str]) -> None:
    try:
        found = path.read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read {path}. Expected: hexadecimal vectors. Received: {error}.") from None
    if len(found) != len(lines):
        raise InputError(
            f"Wrong number of vectors in {path}. Expected: {len(lines)}. Received: {len(found)}."
        )
    for number, (line, received) in enumerate(zip(lines, found, strict=True), start=1):
        if received.lower() != line:
            raise InputError(f"Line {number} of {path} was changed. Expected: {line}. Received: {received}.")


def _narrowest(integers: Integer[np.ndarray, "..."]) -> Integer[np.ndarray, "..."]:
    lowest, highest = integers.min(initial=0), integers.max(initial=0)
    fitting = (kind for kind in _KINDS if np.iinfo(kind).min <= lowest and highest <= np.iinfo(kind).max)
    return integers.astype(next(fitting))
