"""Scores that some other program made: the columns of a file, whatever its format."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError, from_extra
from offshell.io import defects
from offshell.io.absent import refuse_absent
from offshell.io.hdf5 import opened

__all__ = ["Columns", "only_scores", "read_columns"]

_TREES = ("TTree", "ROOT::RNTuple")

Columns = dict[str, Float[np.ndarray, " n"]]

# They say which event it is, and what it counts, in any case of letters.
_NOT_SCORES = ("run", "lumi", "luminosityblock", "event", "entry", "parent", "label", "weight", "process")


def read_columns(path: Path) -> Columns:
    """Returns the columns of numbers in a file by name, one number for each event.

    Args:
        path: A file with one of these endings:

            - `.npy`: an array `(n,)`, called `score`, or `(n, k)`, called `score_1` and so on, or one with named fields;
            - `.h5`, `.hdf5`: data sets of shape `(n,)` by name, as `offshell score` writes them;
            - `.csv`: numbers separated by commas, with names in the first line or without;
            - `.parquet`: columns by name (needs pyarrow);
            - `.root`: branches of the only tree by name (needs uproot).

    Raises:
        InputError: If the file is missing, damaged, of another kind, or holds no numbers.
        MissingDependencyError: If the package for its format is not installed.
    """
    readers: dict[str, Callable[[Path], Iterable[tuple[str, Any]]]] = {
        ".npy": _numpy,
        ".h5": _hdf5,
        ".hdf5": _hdf5,
        ".csv": _csv,
        ".parquet": _parquet,
        ".root": _root,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None or not path.is_file():
        received = path.suffix or "no ending" if path.is_file() else "no such file"
        raise InputError(f"Cannot read {path}. Expected: a file {', '.join(readers)}. Received: {received}.")
    with defects.reported(path, kind=path.suffix[1:]):
        columns = {name: np.asarray(values) for name, values in reader(path)}
    return _checked(path, columns)


def only_scores(columns: Columns) -> Columns:
    """Returns the columns without those that say which event it is, such as `run` and `event`, or what it counts, `weight`."""
    return {name: values for name, values in columns.items() if name.lower() not in _NOT_SCORES}


def _checked(path: Path, columns: dict[str, np.ndarray]) -> Columns:
    numbers = {
        name: values.astype(np.float64)
        for name, values in columns.items()
        if values.ndim == 1 and values.dtype.kind in "iuf"
    }
    if not only_scores(numbers) or len({len(values) for values in numbers.values()}) > 1:
        found = ", ".join(f"{name} {values.dtype} {values.shape}" for name, values in columns.items())
        raise InputError(
            f"{path} holds no scores. Expected: columns of numbers, one for each event. Received: {found or 'nothing'}."
        )
    return numbers


def _numpy(path: Path) -> Iterable[tuple[str, Any]]:
    array = np.load(path, allow_pickle=False)
    if array.dtype.names:
        return [(name, array[name]) for name in array.dtype.names]
    return _numbered(array)


def _numbered(array: np.ndarray) -> list[tuple[str, Any]]:
    if array.ndim == 2 and array.shape[1] > 1:  # noqa: PLR2004 - events and scores
        return [(f"score_{number}", values) for number, values in enumerate(array.T, start=1)]
    return [("score", array[:, 0] if array.ndim == 2 else array)]  # noqa: PLR2004


def _hdf5(path: Path) -> list[tuple[str, Any]]:
    with opened(path, content="scores") as file:
        columns = {name: data for name, data in file.items() if hasattr(data, "dtype")}
        for data in columns.values():
            refuse_absent(path, data)
        return [(name, data[()]) for name, data in columns.items()]


def _csv(path: Path) -> list[tuple[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        first = lines.readline().strip().split(",")
    if all(map(_is_number, first)):
        return _numbered(np.loadtxt(path, delimiter=",", ndmin=2))
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    return list(zip((name.strip() for name in first), table.T, strict=True))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parquet(path: Path) -> list[tuple[str, Any]]:
    with from_extra("parquet", needed=f"{path} is a parquet file and needs pyarrow"):
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    table = parquet.read_table(path)
    return [(name, table[name].to_numpy()) for name in table.column_names]


def _root(path: Path) -> list[tuple[str, Any]]:
    with from_extra("root", needed=f"{path} is a ROOT file and needs uproot"):
        import uproot  # noqa: PLC0415 - an extra
    with uproot.open(path) as file:
        trees = [name for name, kind in file.classnames(cycle=False).items() if kind in _TREES]
        if len(set(trees)) != 1:
            raise InputError(
                f"{path} does not hold one tree. Expected: one tree or ntuple with the scores. Received: {', '.join(trees) or 'none'}."
            )
        return list(file[trees[0]].arrays(library="np").items())
