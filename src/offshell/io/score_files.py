"""Scores on disk: those of the test events of a run, and files of scores from elsewhere."""

import csv
from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.io.hdf5 import opened
from offshell.io.new_hdf5 import new_hdf5

__all__ = ["Scores", "read_columns", "read_scores", "write_scores"]

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
        return {
            sample: dict(zip(values.attrs["scores"], np.asarray(values).T, strict=True))
            for sample, values in file.items()
        }


def read_columns(path: Path) -> dict[str, Scores]:
    """Scores of one or several samples, `{sample: {score: (n,)}}`, the first one being the background.

    Args:
        path: What `write_scores` wrote; an HDF5 file with a group for each sample and a data set for each score, or with
            the data sets of one sample alone, as `offshell score` writes it; or a CSV file with the names of scores in
            its first line and, where there are several samples, their names in a column `sample`.

    Raises:
        InputError: If the file is missing or damaged, or holds something else.
    """
    if path.suffix == ".csv":
        return _of_csv(path)
    with opened(path, content="scores") as file:
        found = {name: _of_sample(values) for name, values in file.items()}
        if not found or any(columns is None for columns in found.values()):
            found = {path.stem: _of_sample(file)}
    tables = {name: columns for name, columns in found.items() if columns}
    if len(tables) < len(found):
        raise InputError(
            f"{path} holds no scores. Expected: a group for each sample with a data set (n,) for each score, or the file "
            f"scores.h5 of a run. Received: {', '.join(found)}."
        )
    return tables


def _of_sample(values: h5py.Group | h5py.Dataset) -> Scores | None:
    """The columns of a sample; None if these are none."""
    if isinstance(values, h5py.Group):
        columns = {
            name: np.asarray(column) for name, column in values.items() if isinstance(column, h5py.Dataset)
        }
    elif "scores" in values.attrs:
        columns = dict(zip(values.attrs["scores"], np.asarray(values).T, strict=True))
    else:
        return None
    return columns if len({column.shape for column in columns.values()}) == 1 else None


def _of_csv(path: Path) -> dict[str, Scores]:
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        names = [name for name in rows[0] if name != "sample"]
        samples = np.array([row.get("sample", path.stem) for row in rows])
        values = np.array([[float(row[name]) for name in names] for row in rows])
    except (OSError, IndexError, ValueError, TypeError) as error:
        raise InputError(
            f"Cannot read {path}. Expected: a line of names and lines of as many numbers. Received: {error}."
        ) from error
    return {
        sample: dict(zip(names, values[samples == sample].T, strict=True))
        for sample in dict.fromkeys(samples)
    }
