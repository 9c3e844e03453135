"""Rows of parquet files that follow one another, in tables of equal length."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from offshell.errors import InputError, from_extra
from offshell.io import defects
from offshell.io.chunks import Columns

__all__ = ["Shards", "Table", "opened"]

Table = Any
"""A table of pyarrow, which is imported when it is needed."""


class Shards:
    """Open parquet files, read as one table."""

    def __init__(self, files: dict[Path, Any], columns: Sequence[str]) -> None:
        self._files = files
        self._columns = list(columns)

    @property
    def present(self) -> list[str]:
        """The names of all columns that the first file has."""
        names: list[str] = next(iter(self._files.values())).schema_arrow.names
        return names

    def numbers(self, names: Mapping[str, str], start: int, stop: int) -> Columns:
        """The rows [start, stop) of columns of numbers; `names` says how each is called in the files."""
        (table,) = Shards(self._files, list(names.values())).tables(start, stop, size=stop - start)
        return {name: table[key].to_numpy() for name, key in names.items()}

    @property
    def n_rows(self) -> int:
        """The rows of all files."""
        return sum(file.metadata.num_rows for file in self._files.values())

    def tables(self, start: int, stop: int, *, size: int) -> Iterator[Table]:
        """Yields the rows [start, stop) in tables of `size` rows, the last one shorter.

        Raises:
            InputError: If a file is damaged.
        """
        import pyarrow as pa  # noqa: PLC0415 - an extra

        held: list[Table] = []
        for part in self._parts(start, stop):
            table = pa.concat_tables([*held, part])
            n_whole = table.num_rows // size * size
            for first in range(0, n_whole, size):
                yield table.slice(first, size)
            held = [table.slice(n_whole)]
        if held and held[0].num_rows:
            yield held[0]

    def _parts(self, start: int, stop: int) -> Iterator[Table]:
        """Yields the rows [start, stop) of each row group; row groups without any are not read."""
        first = 0
        for path, file in self._files.items():
            for group in range(file.num_row_groups):
                n_rows = file.metadata.row_group(group).num_rows
                low, high = max(start - first, 0), min(stop - first, n_rows)
                if low < high:
                    with defects.reported(path, kind="parquet"):
                        table = file.read_row_group(group, columns=self._columns)
                    yield table.slice(low, high - low)
                first += n_rows


@contextmanager
def opened(paths: Sequence[Path], columns: Sequence[str]) -> Iterator[Shards]:
    """Opens parquet files that all have the columns.

    Raises:
        InputError: If a file is damaged, truncated or lacks a column.
        MissingDependencyError: If pyarrow is not installed.
    """
    with ExitStack() as stack:
        files = {path: stack.enter_context(_opened(path)) for path in paths}
        for path, file in files.items():
            _expect_columns(path, file, columns)
        yield Shards(files, columns)


def _opened(path: Path) -> Any:  # noqa: ANN401 - of pyarrow
    with from_extra("parquet", needed=f"{path} is a parquet file and needs pyarrow"):
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    with defects.reported(path, kind="parquet"):
        return parquet.ParquetFile(path)


def _expect_columns(path: Path, file: Any, columns: Sequence[str]) -> None:  # noqa: ANN401 - of pyarrow
    present = file.schema_arrow.names
    missing = [column for column in columns if column not in present]
    if missing:
        raise InputError(
            f"{path}: missing columns. Expected: {', '.join(columns)}. Received: a table without {', '.join(missing)}."
        )
