"""Open HDF5 files; what is wrong with one is said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from offshell.errors import InputError
from offshell.io.addresses import refuse_address

__all__ = ["opened"]


@contextmanager
def opened(path: Path, *, content: str) -> Iterator[h5py.File]:
    """Opens an HDF5 file to read.

    Args:
        path: The file.
        content: What it should hold, for the error: "jets" or "events".

    Raises:
        InputError: If the file is missing, not HDF5, truncated, damaged or empty.
    """
    refuse_address(path)
    if not path.is_file():
        received = "a folder" if path.is_dir() else "no such file"
        raise InputError(f"Cannot read {path}. Expected: an HDF5 file of {content}. Received: {received}.")
    try:
        with h5py.File(path, "r") as file:
            yield file
    except OSError as error:
        raise InputError(
            f"Cannot read {path}. Expected: a complete HDF5 file. Received: {_defect(path, error)}."
        ) from error


def _defect(path: Path, error: OSError) -> str:
    if path.stat().st_size == 0:
        return "an empty file"
    known = {
        "truncated file": "a truncated file",
        "file signature not found": "a file that is not HDF5",
        "filter returned failure": "a damaged file",
    }
    described = [plain for sign, plain in known.items() if sign in str(error)]
    return described[0] if described else str(error).splitlines()[0]
