"""Scores on disk: those of the test events of a run, and files of scores from elsewhere."""

import csv
from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.io.defects import reported
from offshell.io.hdf5 import opened
from offshell.io.new_hdf5 import new_hdf5
from offshell.io.score_columns import Columns, read_columns

__all__ = ["Scores", "read_scores", "read_tables", "write_scores"]

Scores = dict[str, Float[np.ndarray, " n"]]


def write_scores(path: Path, scored: Iterable[tuple[str, Scores]]) -> None:
    """Write scores by name of each sample, one sample after the other; the order stays."""
    with new_hdf5(path, track_order=True) as new:
        for sample, scores in scored:
            new.file[sample] = np.stack(list(scores.values()), axis=1)
            new.file[sample].attrs["scores"] = list(scores)


def read_scores(path: Path) -> dict[str, Scores]:
    """The scores that `write_scores` wrote, `{sample: {score: (n,)}}`."""
    with h5py.File(path) as file:
        return {sample: _columns(values) for sample, values in file.items()}


def read_tables(path: Path) -> dict[str, Columns]:
    """The columns of one or several samples, `{sample: {name: (n,)}}`, the first one being the background.

    Args:
        path: What `write_scores` wrote; an HDF5 file with a group for each sample and a data set for each column; a CSV file
            with the names of samples in a column `sample`; or a file of one sample, see `offshell.io.score_columns.read_columns`.

    Raises:
        InputError: If the file is missing or damaged, or holds something else.
    """
    match path.suffix.lower():
        case ".csv" if "sample" in _first_words(path):
            return _by_sample(path)
        case ".h5" | ".hdf5" if (tables := _groups(path)) is not None:
            return tables
    return {path.stem: read_columns(path)}


def _groups(path: Path) -> dict[str, Columns] | None:
    """The tables of an HDF5 file of several samples; None if there are none."""
    with opened(path, content="scores") as file:
        found = {name: _table(values) for name, values in file.items()}
    tables = {name: columns for name, columns in found.items() if columns}
    if tables and len(tables) < len(found):
        raise InputError(
            f"{path} holds more than scores. Expected: a group for each sample with a data set (n,) for each score, or the file "
            f"scores.h5 of a run. Received: {', '.join(found)}."
        )
    return tables or None


def _table(values: h5py.Group | h5py.Dataset) -> Columns | None:
    """The columns of a sample; None if these are none."""
    if isinstance(values, h5py.Group):
        columns = {
            name: np.asarray(column) for name, column in values.items() if isinstance(column, h5py.Dataset)
        }
    elif "scores" in values.attrs:
        columns = _columns(values)
    else:
        return None
    return columns if len({column.shape for column in columns.values()}) == 1 else None


def _columns(values: h5py.Dataset) -> Columns:
    """One column for each score, as `write_scores` writes them."""
    return dict(zip(values.attrs["scores"], np.asarray(values).T, strict=True))


def _first_words(path: Path) -> list[str]:
    with reported(path, kind="CSV"), path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file), [])


def _by_sample(path: Path) -> dict[str, Columns]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in (rows[0] if rows else ()) if name != "sample"]
    samples = np.array([row["sample"] for row in rows])
    try:
        values = np.array([[float(row[name]) for name in names] for row in rows])
    except (ValueError, TypeError) as error:
        raise InputError(
            f"Cannot read {path}. Expected: a line of names and lines of as many numbers. Received: {error}."
        ) from error
    return {
        sample: dict(zip(names, values[samples == sample].T, strict=True))
        for sample in dict.fromkeys(samples)
    }
