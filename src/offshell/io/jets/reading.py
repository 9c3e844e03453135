"""Read jets from files of several layouts: all at once, or in batches of bounded memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError
from offshell.io.chunks import Chunk, OnBad
from offshell.io.jets.checks import checked_jets, impossible
from offshell.io.jets.layouts import open_jets
from offshell.io.jets.source import JetFile
from offshell.io.rows import batches, refuse_empty, refuse_impossible_range, refuse_nothing_left
from offshell.io.store import N_CONSTITUENTS

__all__ = ["LABELS", "count_jets", "iter_chunks", "iter_jets", "read_jets"]

LABELS = {"qcd": 0, "top": 1}
"""Names of the labels in files, `label` or `is_signal_new`."""

_MOST = 0.5  # share of bad jets up to which not the file is to blame
_ANY_JET = np.array([1, 1, 0, 0], np.float32)  # in place of a bad one, so that it can pass through a detector
_ROWS_AT_ONCE = 8192  # 26 MB of jets


def read_jets(
    path: str | Path, *, label: str | None = None, start: int = 0, stop: int | None = None
) -> Float[np.ndarray, "n {N_CONSTITUENTS} 4"]:
    """Returns jets of a file as (n, 200, 4) float32, `E, px, py, pz` in GeV, ordered by pT, zero-padded.

    Args:
        path: An HDF5 file with `constituents` (n, particles, 4), of the Top Tagging reference set (Kasieczka et al.,
            arXiv:1902.09914), or of JetNet (Kansal et al., arXiv:2106.11535).
        label: "qcd" or "top" to keep only these jets; None keeps all.
        start: The first jet, counted among the jets that `label` keeps.
        stop: One past the last jet; None reads to the end. As in a slice, fewer jets come if the file ends before.

    Raises:
        InputError: If the file is missing, not HDF5, truncated or empty, lacks a key, has the wrong shape, NaN,
            negative energies or energies in MeV, has no labels when one is asked for, or no such jets.
        MissingDependencyError: If the file is a pandas table and the extra `tables` is not installed.

    Example:
        >>> import tempfile
        >>> from offshell.io.store import write_jets
        >>> path = Path(tempfile.mkdtemp()) / "qcd.h5"
        >>> jets = np.zeros((3, 200, 4), np.float32)
        >>> jets[:, 0] = [600, 600, 0, 0]
        >>> write_jets(path, [jets], attributes={"process": "qcd"})
        3
        >>> read_jets(path, stop=2).shape
        (2, 200, 4)
    """
    with open_jets(path) as file:
        end = file.n_jets if stop is None else min(stop, file.n_jets)
        jets = np.empty((max(end - start, 0), N_CONSTITUENTS, 4), np.float32)
        filled = 0
        for part in _selected(file, label=label, start=start, stop=stop):
            jets[filled : filled + len(part)] = part
            filled += len(part)
    refuse_nothing_left(path, filled, start=start, stop=stop, unit="jets")
    return jets[:filled]


def iter_jets(
    path: str | Path, *, label: str | None = None, batch_size: int = _ROWS_AT_ONCE
) -> Iterator[Float[np.ndarray, "batch {N_CONSTITUENTS} 4"]]:
    """Yields the jets of a file in batches; memory does not grow with the file.

    Args:
        path: As for `read_jets`.
        label: "qcd" or "top" to keep only these jets; None keeps all.
        batch_size: Jets per batch; only the last batch may be smaller.

    Yields:
        Arrays (batch_size, 200, 4) float32, as from `read_jets`.

    Raises:
        InputError: As for `read_jets`, or if `batch_size` is not positive.
        MissingDependencyError: As for `read_jets`.
    """
    with open_jets(path) as file:
        yield from batches(_selected(file, label=label, start=0, stop=None), batch_size=batch_size)


def count_jets(path: str | Path, *, label: str | None = None) -> int:
    """Returns the number of jets in a file, of one label ("qcd" or "top") or of all.

    Raises:
        InputError: If the file cannot be read, or has no labels when one is asked for.
        MissingDependencyError: If the file is a pandas table and the extra `tables` is not installed.
    """
    with open_jets(path) as file:
        return sum(len(rows) for _, rows in _rows_with(file, label))


def iter_chunks(path: str | Path, *, label: str | None = None, on_bad: OnBad = "error") -> Iterator[Chunk]:
    """Yields the jets of a file, at most 8,192 at once, with what identifies them; nothing from a file without jets.

    Args:
        path: As for `read_jets`.
        label: As for `read_jets`.
        on_bad: What becomes of impossible jets: "error" refuses the file, "nan" keeps them, marked as bad, "drop" leaves
            them out. If most jets of a chunk are such, the file is refused whatever is asked for.

    Raises:
        InputError: As for `read_jets`.
        MissingDependencyError: As for `read_jets`.
    """
    with open_jets(path) as file:
        if file.n_jets:
            chunks = _chunks(file, label=label, start=0, stop=None, on_bad=on_bad)
            yield from (chunk.where(~chunk.bad) if on_bad == "drop" else chunk for chunk in chunks)


def _selected(
    file: JetFile, *, label: str | None, start: int, stop: int | None
) -> Iterator[Float[np.ndarray, "part {N_CONSTITUENTS} 4"]]:
    chunks = _chunks(file, label=label, start=start, stop=stop, on_bad="error")
    yield from (chunk.rows for chunk in chunks)


def _chunks(
    file: JetFile, *, label: str | None, start: int, stop: int | None, on_bad: OnBad
) -> Iterator[Chunk]:
    refuse_impossible_range(start, stop, unit="jets")
    end = file.n_jets if stop is None else stop
    seen = 0
    for first, rows in _rows_with(file, label):
        wanted = first + rows[max(start - seen, 0) : max(end - seen, 0)]
        seen += len(rows)
        if len(wanted):
            yield _chunk(file, wanted, on_bad=on_bad)
        if seen >= end:
            return


def _chunk(file: JetFile, wanted: Integer[np.ndarray, " n"], *, on_bad: OnBad) -> Chunk:
    span, taken = (int(wanted[0]), int(wanted[-1]) + 1), wanted - wanted[0]
    jets = file.constituents(*span)[taken]
    bad = impossible(jets) if on_bad != "error" else np.zeros(len(jets), bool)
    kept = np.where(bad[:, None, None] & (bad.mean() <= _MOST), _ANY_JET, jets)
    columns = {"entry": wanted, **{name: values(*span)[taken] for name, values in file.columns.items()}}
    return Chunk(checked_jets(kept, source=str(file.path), numbers=wanted), columns, bad)


def _rows_with(file: JetFile, label: str | None) -> Iterator[tuple[int, Integer[np.ndarray, " kept"]]]:
    """Yields the first row of each range of rows and, relative to it, the rows that the label keeps."""
    refuse_empty(file.path, file.n_jets, unit="jets")
    code = None if label is None else _code(file, label)
    for first in range(0, file.n_jets, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, file.n_jets)
        if code is None or file.labels is None:
            yield first, np.arange(last - first)
        else:
            yield first, np.flatnonzero(file.labels(first, last) == code)


def _code(file: JetFile, label: str) -> int:
    if label not in LABELS:
        raise InputError(f"Unknown label. Expected: {' or '.join(LABELS)}. Received: label={label!r}.")
    if file.labels is None:
        raise InputError(
            f"{file.path}: no labels. Expected: the key label or the column is_signal_new to choose "
            f"label={label!r} by. Received: neither."
        )
    return LABELS[label]
