"""Write HDF5 files that are either complete or not there, also when the disk is full or Ctrl-C comes."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Shaped

from offshell.io.growing import append
from offshell.io.replacing import replacing

__all__ = ["NewHDF5", "new_hdf5"]


class _Target(io.FileIO):
    """What HDF5 writes to. It never fails: the library cannot close a file that it could not write, and crashes at exit."""

    failure: BaseException | None = None

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        self._try(lambda: self._write_all(data))
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        self._try(lambda: super(_Target, self).truncate(size))
        return size or 0

    def _try(self, change: Callable[[], object]) -> None:
        if self.failure is None:
            try:
                change()
            except BaseException as error:  # noqa: BLE001 - raised again by `raise_failure`, outside of HDF5
                self.failure = error

    def _write_all(self, data: memoryview) -> None:
        while len(data):
            data = data[super().write(data) :]

    def raise_failure(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass(frozen=True)
class NewHDF5:
    """A file that is being written."""

    file: h5py.File
    _target: _Target

    def append(self, dataset: h5py.Dataset, rows: Shaped[np.ndarray, "chunk ..."]) -> None:
        """Add rows at the end of a data set of the file.

        Raises:
            InputError: If the rows have another shape.
            OSError: If the disk is full, at once and not after hours of simulation.
        """
        append(dataset, rows)
        self._target.raise_failure()


@contextmanager
def new_hdf5(path: str | Path, *, track_order: bool = False) -> Iterator[NewHDF5]:
    """Yields an HDF5 file that appears as `path` when the block ends well, and not at all otherwise.

    Args:
        path: The file to be written; its folder is made when missing.
        track_order: Whether data sets keep the order in which they are made.

    Raises:
        InputError: If no file can be written at `path`, or the disk is full.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "ones.h5"
        >>> with new_hdf5(path) as new:
        ...     new.file["x"] = np.ones(3)
        >>> h5py.File(path)["x"].shape
        (3,)
    """
    with replacing(path) as temporary, _Target(temporary, "w+b") as target:
        with h5py.File(target, "w", track_order=track_order) as file:
            yield NewHDF5(file, target)
        target.raise_failure()
