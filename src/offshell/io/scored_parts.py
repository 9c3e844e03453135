"""Write the scores of one file of events as they come, with what identifies each event; read back what a file of scores rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np

from offshell.errors import InputError
from offshell.io.chunks import Columns
from offshell.io.growing import empty_dataset
from offshell.io.hdf5 import opened
from offshell.io.new_hdf5 import new_hdf5

__all__ = ["Attributes", "attributes_of", "joined", "write_part"]

Attributes = Mapping[str, str | int | float]

_EVENTS_PER_CHUNK = 16_384


def write_part(
    path: Path,
    chunks: Iterable[Columns],
    *,
    names: Sequence[str],
    precision: str = "float32",
    attributes: Attributes,
) -> int:
    """Writes a data set for each column, compressed, chunk by chunk, so that memory does not grow with their number.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Columns of equal length by name; all chunks have the same names.
        names: The scores among them, which are kept in `precision` and are there even if no chunk comes.
        precision: "float32" or "float64".
        attributes: What the scores rest on, kept as attributes of the file.

    Returns:
        The number of events written.

    Raises:
        InputError: If a chunk has other columns than those before, or `path` cannot be written.
    """
    n_events = 0
    with new_hdf5(path, track_order=True) as new:
        new.file.attrs.update(attributes)
        for chunk in chunks:
            if not n_events:
                _make(new.file, {name: values.dtype for name, values in chunk.items()}, names, precision)
            _refuse_other(path, new.file, chunk)
            for name, values in chunk.items():
                new.append(new.file[name], values)
            n_events += len(next(iter(chunk.values())))
        if not n_events:
            _make(new.file, {}, names, precision)
        new.file.attrs["n_events"] = n_events
    return n_events


def attributes_of(path: Path) -> Attributes | None:
    """What a file of scores rests on; None if it is not there or nothing that `write_part` wrote."""
    if not path.is_file() or not h5py.is_hdf5(path):
        return None
    with h5py.File(path) as file:
        return dict(file.attrs)


def joined(paths: Sequence[Path]) -> Iterator[Columns]:
    """The columns of several files of scores one after the other, each event with the number of its `file`.

    Args:
        paths: What `write_part` wrote.

    Raises:
        InputError: If one of them cannot be read.
    """
    for number, path in enumerate(paths):
        with opened(path, content="scores") as part:
            for start in range(0, int(part.attrs["n_events"]), _EVENTS_PER_CHUNK):
                chunk = {name: values[start : start + _EVENTS_PER_CHUNK] for name, values in part.items()}
                yield {"file": np.full(len(chunk["entry"]), number, np.uint32), **chunk}


def _make(file: h5py.File, types: Mapping[str, np.dtype], names: Sequence[str], precision: str) -> None:
    kept = dict.fromkeys(names, np.dtype(precision))
    for name, kind in {**types, **kept}.items():
        if name not in file:
            empty_dataset(file, name, (), rows_per_chunk=_EVENTS_PER_CHUNK, dtype=kind.type)


def _refuse_other(path: Path, file: h5py.File, chunk: Columns) -> None:
    if set(chunk) != set(file):
        differing = ", ".join(sorted(set(chunk) ^ set(file)))
        raise InputError(
            f"Cannot write {path}. Expected: the same columns of all events. Received: {differing} of some only."
        )
