"""Open HDF5 files that pandas wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from offshell.errors import InputError, from_extra

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pandas_store"]


@contextmanager
def pandas_store(path: Path) -> Iterator["pd.HDFStore"]:
    """Opens a file to read; what is wrong with it is said in one line.

    Raises:
        InputError: If the file is damaged.
        MissingDependencyError: If pandas or PyTables is not installed.
    """
    with from_extra("tables", needed=f"{path} is a pandas table and needs pandas and PyTables"):
        import pandas as pd  # noqa: PLC0415 - an extra, and slow to import

        store = pd.HDFStore(path, mode="r")
    try:
        with store:
            yield store
    except RuntimeError as error:  # what PyTables raises when the HDF5 library cannot read
        raise InputError(
            f"Cannot read {path}. Expected: a complete table. Received: a damaged file."
        ) from error
