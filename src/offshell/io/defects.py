"""Turn whatever a library stumbles over in a damaged file into one line that names the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offshell.errors import InputError, MissingDependencyError

__all__ = ["reported"]


@contextmanager
def reported(path: Path, *, kind: str) -> Iterator[None]:
    """Raises `InputError` in place of any exception of the block.

    Around calls of a library that reads a format: in a file cut short or with flipped bits it may fail with nearly
    every exception there is. An `InputError` goes through as it is.

    Args:
        path: The file.
        kind: Its format, for the error: "ROOT" or "parquet".

    Raises:
        InputError: If the block raises an exception.
        MissingDependencyError: If it is an `ImportError`, for example of the package for a rare compression.
    """
    try:
        yield
    except InputError:
        raise
    except ImportError as error:
        missing = error.name or str(error).partition("\n")[0]
        raise MissingDependencyError(
            f"Cannot read {path}. Expected: every package that its {kind} needs. Received: {missing} is not installed."
        ) from error
    except Exception as error:
        raise InputError(
            f"Cannot read {path}. Expected: a complete {kind} file. Received: a truncated or damaged file "
            f"({type(error).__name__})."
        ) from error
