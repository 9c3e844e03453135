"""The layouts of jet files: what is where in a file, behind one small interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError
from offshell.io.absent import refuse_absent
from offshell.io.chunks import named_columns, sliced
from offshell.io.hdf5 import opened
from offshell.io.jets.jetnet import is_jetnet, open_jetnet
from offshell.io.jets.source import JetFile, Rows
from offshell.io.pandas_store import pandas_store

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["open_jets"]

_COMPONENTS = ("E", "PX", "PY", "PZ")
_TABLE = "table"
_TRUTH = "is_signal_new"


@contextmanager
def open_jets(path: str | Path) -> Iterator[JetFile]:
    """Opens a file of jets, whichever of the three known layouts it has.

    * HDF5 with `constituents` (n, particles, 4) and, if wanted, `label` (n,).
    * The Top Tagging reference set (Kasieczka et al., arXiv:1902.09914, Zenodo 2603256): a pandas table named
      `table` with the columns `E_0, PX_0, PY_0, PZ_0, E_1, ...` and `is_signal_new`.
    * JetNet (Kansal et al., arXiv:2106.11535, Zenodo 6975118): HDF5 with `particle_features` (n, particles, 4) and
      `jet_features` (n, 4).

    Raises:
        InputError: If the file is missing, not HDF5, truncated, damaged, empty, or has none of these layouts.
        MissingDependencyError: If the file is a pandas table and pandas or PyTables is not installed.
    """
    path = Path(path)
    with opened(path, content="jets") as file:
        if "constituents" in file:
            yield _constituents_layout(path, file)
            return
        if is_jetnet(file):
            yield open_jetnet(path, file)
            return
        _expect_table(path, file)
    with pandas_store(path) as store:
        yield _table_layout(path, store)


def _constituents_layout(path: Path, file: h5py.File) -> JetFile:
    jets = file["constituents"]
    match getattr(jets, "shape", "a group"):
        case (n_jets, n_particles, 4) if n_particles > 0:
            labels = _labels(path, file, n_jets)
        case shape:
            raise InputError(
                f"{path}: wrong shape of constituents. Expected: (n, particles, 4). Received: {shape}."
            )
    if jets.dtype.kind not in "fiu":
        raise InputError(f"{path}: wrong type of constituents. Expected: float32. Received: {jets.dtype}.")
    refuse_absent(path, jets)
    return JetFile(path, n_jets, lambda start, stop: jets[start:stop], labels, _columns(path, file, n_jets))


def _columns(path: Path, file: h5py.File, n_jets: int) -> dict[str, Rows]:
    found = {name: file[key] for name, key in named_columns(file).items()}
    datasets = dict(sliced(found, n_jets, source=str(path)))
    for dataset in datasets.values():
        refuse_absent(path, dataset)
    return {name: _rows_of(dataset) for name, dataset in datasets.items()}


def _rows_of(dataset: h5py.Dataset) -> Rows:
    return lambda start, stop: dataset[start:stop]


def _labels(path: Path, file: h5py.File, n_jets: int) -> Rows | None:
    if "label" not in file:
        return None
    labels = file["label"]
    shape = getattr(labels, "shape", "a group")
    if shape != (n_jets,):
        raise InputError(f"{path}: wrong shape of label. Expected: ({n_jets},). Received: {shape}.")
    refuse_absent(path, labels)
    return lambda start, stop: labels[start:stop]


def _expect_table(path: Path, file: h5py.File) -> None:
    keys = ", ".join(file) or "none"
    if _TABLE not in file:
        raise InputError(
            f"{path}: no jets. Expected: the key constituents, table as in the Top Tagging reference set, or "
            f"particle_features as in JetNet. Received: the keys {keys}."
        )
    kind = file[_TABLE].attrs.get("pandas_type", b"not written by pandas")
    if bytes(kind) != b"frame_table":
        raise InputError(
            f"{path}: wrong kind of table. Expected: a pandas frame written with format='table'. Received: {bytes(kind)!r}."
        )


def _table_layout(path: Path, store: "pd.HDFStore") -> JetFile:
    present = set(store.select(_TABLE, stop=1).columns)
    columns = _constituent_columns(path, present)

    def constituents(start: int, stop: int) -> Float[np.ndarray, "n particles 4"]:
        frame = store.select(_TABLE, start=start, stop=stop, columns=columns)
        return np.asarray(frame, dtype=np.float32).reshape(len(frame), len(columns) // 4, 4)

    def labels(start: int, stop: int) -> Integer[np.ndarray, " n"]:
        return np.asarray(store.select(_TABLE, start=start, stop=stop, columns=[_TRUTH])[_TRUTH])

    n_jets = int(store.get_storer(_TABLE).nrows)
    return JetFile(path, n_jets, constituents, labels if _TRUTH in present else None)


def _constituent_columns(path: Path, present: set[str]) -> list[str]:
    n_particles = max(sum(name.startswith(f"{component}_") for name in present) for component in _COMPONENTS)
    columns = [f"{component}_{particle}" for particle in range(n_particles) for component in _COMPONENTS]
    missing = sorted(set(columns) - present)
    if missing or not columns:
        received = f"a table without {', '.join(missing[:3]) or 'any of them'}"
        raise InputError(
            f"{path}: missing columns. Expected: E_0, PX_0, PY_0, PZ_0, E_1 ... Received: {received}."
        )
    return columns
