"""Read pairs of jets from files of two layouts: all at once, or part by part in bounded memory."""

from collections.abc import Iterator
from pathlib import Path

import h5py

from offshell.errors import InputError
from offshell.inputs.dijets import Dijets, joined_dijets
from offshell.io.dijets.lhco import lhco_dijets
from offshell.io.dijets.store import COLUMNS
from offshell.io.hdf5 import opened
from offshell.io.rows import refuse_empty, refuse_impossible_range, refuse_nothing_left

__all__ = ["iter_dijets", "read_dijets"]

_EVENTS_AT_ONCE = 8192  # 54 MB of jets
_PANDAS = "pandas_type"
_SHAPES = {"constituents": (2, None, 4), "jets": (2, 4)}


def read_dijets(path: str | Path, *, start: int = 0, stop: int | None = None, radius: float = 1.0) -> Dijets:
    """Returns the two hardest jets of each event of a file.

    Args:
        path: What `offshell simulate dijets` wrote, or a file of the LHC Olympics 2020 with all particles of each event
            (G. Kasieczka, B. Nachman, D. Shih et al., arXiv:2101.08320; Zenodo 6466204 and 4536624). These are clustered; an
            event without two jets above 20 GeV is left out.
        start: The first event.
        stop: One past the last event; None reads to the end.
        radius: Of the jets that are clustered; in other files it is what it is.

    Raises:
        InputError: If the file is missing, damaged or empty, has none of these layouts, or no such events.
        MissingDependencyError: If the file is a pandas frame and the extra `tables` is not installed.
    """
    parts = list(_parts(path, start=start, stop=stop, radius=radius))
    refuse_nothing_left(path, sum(map(len, parts)), start=start, stop=stop, unit="events")
    return joined_dijets(parts)


def iter_dijets(path: str | Path, *, radius: float = 1.0) -> Iterator[Dijets]:
    """Yields the events of `read_dijets` part by part; memory does not grow with the file."""
    return _parts(path, start=0, stop=None, radius=radius)


def _parts(path: str | Path, *, start: int, stop: int | None, radius: float) -> Iterator[Dijets]:
    refuse_impossible_range(start, stop, unit="events")
    path = Path(path)
    with opened(path, content="pairs of jets") as file:
        if "m_jj" in file:
            yield from _own(path, file, start, stop)
            return
        is_pandas = any(_PANDAS in item.attrs for item in file.values())
        keys = ", ".join(file) or "none"
    if not is_pandas:
        raise InputError(
            f"{path}: no pairs of jets. Expected: the data sets {', '.join(COLUMNS)}, or a frame of the LHC Olympics. "
            f"Received: the keys {keys}."
        )
    yield from lhco_dijets(path, start=start, stop=stop, radius=radius)


def _own(path: Path, file: h5py.File, start: int, stop: int | None) -> Iterator[Dijets]:
    n_events = len(file["m_jj"])
    refuse_empty(path, n_events, unit="events")
    for name in COLUMNS:
        _refuse_other_shape(path, file, name, n_events)
    end = n_events if stop is None else min(stop, n_events)
    for first in range(start, end, _EVENTS_AT_ONCE):
        last = min(first + _EVENTS_AT_ONCE, end)
        yield Dijets(*(file[name][first:last] for name in COLUMNS))


def _refuse_other_shape(path: Path, file: h5py.File, name: str, n_events: int) -> None:
    shape = getattr(file.get(name), "shape", None)
    expected = (n_events, *_SHAPES.get(name, ()))
    fits = shape is not None and len(shape) == len(expected)
    if not fits or any(size not in (None, found) for size, found in zip(expected, shape or (), strict=True)):
        wanted = ", ".join("particles" if size is None else str(size) for size in expected)
        raise InputError(
            f"{path}: wrong shape of {name}. Expected: ({wanted}). Received: {shape or 'no such data set'}."
        )
