"""C++ of a design compiled to a library of this machine, kept and used again while its sources stay the same."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from offshell.errors import FirmwareError
from offshell.firmware.fingerprint import fingerprint
from offshell.io.replacing import replacing

__all__ = ["compiled"]

_COMPILER = ("g++", "-std=c++17", "-fPIC", "-shared")


def compiled(folder: Path, arguments: Sequence[str], *, sources: Iterable[Path], builds: Path) -> Path:
    """A shared library.

    Args:
        folder: where the compiler runs.
        arguments: what it is told besides: options, and the files to compile as seen from `folder`.
        sources: every file that the library depends on.
        builds: where the library is kept; made if needed.

    Returns:
        Its path: that of an earlier call if the sources and the arguments were the same.

    Raises:
        InputError: if a source cannot be read.
        FirmwareError: if there is no compiler, or the sources do not compile.
    """
    library = builds / f"{fingerprint(sources, (_COMPILER, *arguments), kind='C++')}.so"
    if not library.exists():
        with replacing(library) as temporary:
            _compile([*_COMPILER, *arguments, "-o", str(temporary.resolve())], folder)
    return library.resolve()


def _compile(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise FirmwareError(
            "There is no C++ compiler. Expected: g++ 9 or later on PATH. Received: none."
        ) from None
    except subprocess.CalledProcessError as error:
        raise FirmwareError(
            f"{folder} does not compile. Expected: C++17 as offshell writes it. Received: {_first_error(error.stderr)}."
        ) from None


def _first_error(messages: str) -> str:
    lines = [line for line in messages.splitlines() if "error" in line]
    return lines[0] if lines else messages[-200:]
