"""Write files that are either complete or not there."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offshell.errors import InputError
from offshell.io.temporaries import remove_abandoned, temporary_beside

__all__ = ["FULL", "refuse_unwritable", "replacing"]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a disk, a quota or a file system that takes no more."""


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; what is written there replaces `path` when the block ends well.

    After an exception or Ctrl-C, `path` is as it was and the temporary file is gone. The temporary name keeps
    the suffix, because many writers choose their format by it. What a killed process left in the folder is removed.

    Args:
        path: The file to be written; its folder is made when missing.

    Yields:
        The temporary path to write to; an empty file is already there.

    Raises:
        InputError: If no file can be written at `path`, or the disk is full.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "runs" / "note.txt"
        >>> with replacing(target) as temporary:
        ...     _ = temporary.write_text("done")
        >>> target.read_text()
        'done'
    """
    path = Path(path)
    temporary = temporary_beside(path)
    _reserve(path, temporary)
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise InputError(
            f"Cannot write {path}. Expected: room for it. Received: {os.strerror(error.errno)}."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """Say before any work what `replacing` would say after it.

    Raises:
        InputError: If `path` is a folder, or its folder cannot be made or written to.
    """
    _refuse_folder(path)
    parent = path.absolute().parent
    existing = next(folder for folder in (parent, *parent.parents) if folder.exists())
    if not existing.is_dir():
        raise _unwritable(path, f"{existing} is a file")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise _unwritable(path, f"no permission to write in {existing}")


def _reserve(path: Path, temporary: Path) -> None:
    _refuse_folder(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(path.parent)
        temporary.touch()
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from error


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"Cannot write {path}. Expected: the name of a file. Received: an existing folder.")


def _unwritable(path: Path, received: str) -> InputError:
    return InputError(f"Cannot write {path}. Expected: a folder to write in. Received: {received}.")
