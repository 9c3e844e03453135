"""One command at a time in a folder."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from offshell.errors import InputError

__all__ = ["LOCK", "locked", "refuse_busy"]

LOCK = ".lock"
"""The file that is locked; it holds the number of the process, for the error."""

log = logging.getLogger(__name__)


@contextmanager
def locked(folder: Path, *, name: str = LOCK) -> Iterator[None]:
    """Nobody else works in the folder during the block; it is made when missing, and removed again if it stays empty.

    The lock is that of the system (`flock`), which ends with the process, however that ends.

    Args:
        folder: where files are written.
        name: of the file that is locked; another one for what is a part of the folder only.

    Raises:
        InputError: if another command works there, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _lock(folder / name)
    except BlockingIOError:
        raise InputError(
            f"{folder} is in use. Expected: one command at a time in a folder. Received: process {_holder(folder / name)} works there."
        ) from None
    except OSError as error:
        raise InputError(
            f"Cannot write to {folder}. Expected: a folder. Received: {error.strerror}."
        ) from error
    try:
        yield
    finally:
        (folder / name).unlink(missing_ok=True)  # before the lock ends, so that it is this one
        file.close()
        with suppress(OSError):
            folder.rmdir()


def refuse_busy(folder: Path) -> None:
    """Raises InputError if another command works in the folder, long before this one needs it."""
    if (folder / LOCK).exists():
        with locked(folder):
            pass


def _lock(path: Path) -> IO[str]:
    while True:
        file = path.open("a+")
        _flock(file)
        if _is_still(path, file):
            break
        file.close()  # whoever held it has removed it in the meantime
    with suppress(OSError):  # a full disk; the number is only for the error
        file.truncate(0)
        os.write(file.fileno(), str(os.getpid()).encode())
    return file


def _flock(file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    except OSError as error:  # some file systems of clusters
        log.warning(
            "%s cannot be locked (%s): start no other command in its folder.", file.name, error.strerror
        )


def _is_still(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    with suppress(OSError):
        return path.read_text() or "?"
    return "?"
