"""Read events from files of several layouts: all at once, or in batches of bounded memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from offshell.errors import InputError
from offshell.io.chunks import Chunk, OnBad
from offshell.io.events.checks import checked_events, impossible
from offshell.io.events.layouts import open_events
from offshell.io.events.source import CHUNK, EventFile, Events, EventSource
from offshell.io.rows import batches, refuse_empty, refuse_impossible_range, refuse_nothing_left
from offshell.settings.collections import Collections

__all__ = ["count_events", "describe_events", "iter_chunks", "iter_events", "read_events"]

_MOST = 0.5  # share of bad events up to which not the file is to blame


def read_events(
    path: str | Path, *, start: int = 0, stop: int | None = None, collections: Collections | None = None
) -> Events:
    """Returns events of a file as (n, 19, 4) float32, `pt, eta, phi, class` in GeV and radians.

    Row 0 is MET, rows 1-4 are electrons (with photons where a trigger does not tell them apart), 5-8 muons, 9-18 jets,
    each kind by falling pt and zero-padded. What else is in an event is left out; `checked_events` says what is mended
    and what is refused.

    Args:
        path: An HDF5, ROOT or parquet file, or a folder of parquet files, as `open_events` lists them.
        start: The first event.
        stop: One past the last event; None reads to the end. As in a slice, fewer events come if the file ends before.
        collections: Which objects of a ROOT file are taken, where there is a choice.

    Raises:
        InputError: If the file cannot be read, has none of the known layouts, holds impossible numbers, or has no
            events in this range.
        MissingDependencyError: If the package that reads it is not installed.

    Example:
        >>> import h5py, tempfile
        >>> path = Path(tempfile.mkdtemp()) / "toy.h5"
        >>> events = np.zeros((3, 19, 4))
        >>> events[:, 0] = [30, 0, 1.5, 1]
        >>> with h5py.File(path, "w") as file:
        ...     file["Particles"] = events
        >>> read_events(path, stop=2).shape
        (2, 19, 4)
    """
    with open_events(path, collections=collections) as file:
        chunks = list(_selected(file, start=start, stop=stop))
    refuse_nothing_left(path, len(chunks), start=start, stop=stop, unit="events")
    return np.concatenate(chunks)


def iter_events(
    path: str | Path, *, batch_size: int = CHUNK, collections: Collections | None = None
) -> Iterator[Events]:
    """Yields the events of a file in batches; memory does not grow with the file.

    Args:
        path: As for `read_events`.
        batch_size: Events per batch; only the last batch may be smaller.
        collections: As for `read_events`.

    Yields:
        Arrays (batch_size, 19, 4) float32, as from `read_events`.

    Raises:
        InputError: As for `read_events`, or if `batch_size` is not positive.
        MissingDependencyError: As for `read_events`.
    """
    with open_events(path, collections=collections) as file:
        yield from batches(_selected(file, start=0, stop=None), batch_size=batch_size)


def count_events(path: str | Path, *, collections: Collections | None = None) -> int:
    """Returns the number of events in a file; arguments are those of `read_events`.

    Raises:
        InputError: If the file cannot be read or has none of the known layouts.
        MissingDependencyError: If the package that reads it is not installed.
    """
    return describe_events(path, collections=collections).n_events


def describe_events(path: str | Path, *, collections: Collections | None = None) -> EventSource:
    """Returns the layout, the version and the number of events of a file, to be stated beside every result.

    Arguments are those of `read_events`.

    Raises:
        InputError: If the file cannot be read or has none of the known layouts.
        MissingDependencyError: If the package that reads it is not installed.
    """
    with open_events(path, collections=collections) as file:
        return file.source


def iter_chunks(
    path: str | Path, *, on_bad: OnBad = "error", collections: Collections | None = None
) -> Iterator[Chunk]:
    """Yields the events of a file, at most 32,768 at once, with what identifies them; nothing from a file without events.

    Args:
        path: As for `read_events`.
        on_bad: What becomes of events with impossible numbers: "error" refuses the file, "nan" keeps them, marked as bad,
            "drop" leaves them out. If most events of a chunk are such, the file is refused whatever is asked for.
        collections: As for `read_events`.

    Raises:
        InputError: As for `read_events`.
        MissingDependencyError: As for `read_events`.
    """
    with open_events(path, collections=collections) as file:
        if file.source.n_events:
            chunks = _chunks(file, 0, file.source.n_events, on_bad=on_bad)
            yield from (chunk.where(~chunk.bad) if on_bad == "drop" else chunk for chunk in chunks)


def _selected(file: EventFile, *, start: int, stop: int | None) -> Iterator[Events]:
    source = file.source
    refuse_impossible_range(start, stop, unit="events")
    refuse_empty(source.path, source.n_events, unit="events")
    end = source.n_events if stop is None else min(stop, source.n_events)
    yield from (chunk.rows for chunk in _chunks(file, start, end, on_bad="error"))


def _chunks(file: EventFile, start: int, end: int, *, on_bad: OnBad) -> Iterator[Chunk]:
    n_read, seen = 0, False
    for events in file.chunks(start, end):
        if len(events) == 0:
            break
        chunk = _chunk(file, events, start + n_read, on_bad=on_bad)
        n_read, seen = n_read + len(chunk), seen or bool(chunk.rows[..., 0].any())
        yield chunk
    _refuse_incomplete(file.source, start, end, n_read, seen=seen)


def _chunk(file: EventFile, events: Events, first: int, *, on_bad: OnBad) -> Chunk:
    last = first + len(events)
    bad = impossible(events) if on_bad != "error" else np.zeros(len(events), bool)
    kept = np.where(bad[:, None, None] & (bad.mean() <= _MOST), 0, events)
    columns = {"entry": np.arange(first, last), **file.columns(first, last)}
    return Chunk(checked_events(kept, source=str(file.source.path), first=first), columns, bad)


def _refuse_incomplete(source: EventSource, start: int, end: int, n_read: int, *, seen: bool) -> None:
    if n_read < end - start:
        raise InputError(
            f"{source.path}: events are missing. Expected: {end - start} from {start} on, as the file says. "
            f"Received: {n_read}."
        )
    if n_read and not seen:
        raise InputError(
            f"{source.path}: no objects. Expected: some in the events from {start} to {end}. Received: only padding."
        )
