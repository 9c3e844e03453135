"""Write jets and events to files as they come."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

from offshell import __version__
from offshell.inputs.objects import N_OBJECTS
from offshell.io.growing import checked_length, empty_dataset
from offshell.io.new_hdf5 import new_hdf5

__all__ = ["N_CONSTITUENTS", "EventArrays", "JetArrays", "write_events", "write_jets"]

N_CONSTITUENTS = 200
"""Constituents that a jet keeps, as in the Top Tagging reference set (Kasieczka et al., arXiv:1902.09914)."""

_JETS_PER_CHUNK = 256
_EVENTS_PER_CHUNK = 4096


class EventArrays(NamedTuple):
    """Level-1 events and where they are from."""

    events: Float[np.ndarray, "n 19 4"]
    """`pt, eta, phi, class` in GeV and radians."""
    process: Int[np.ndarray, " n"]
    """Code of the process."""
    parent: Int[np.ndarray, " n"]
    """Number of the collision, which several events can share."""
    weight: Float[np.ndarray, " n"]
    """What each event counts for."""


class JetArrays(NamedTuple):
    """Jets and what else is known of each."""

    constituents: Float[np.ndarray, "n 200 4"]
    """`E, px, py, pz` in GeV."""
    columns: Mapping[str, Shaped[np.ndarray, "n ..."]]
    """By name, the same names in every chunk of a file."""


def write_jets(
    path: str | Path,
    chunks: Iterable[Float[np.ndarray, "chunk 200 4"] | JetArrays],
    *,
    attributes: Mapping[str, object],
) -> int:
    """Writes jets to an HDF5 file chunk by chunk, so that memory does not grow with their number.

    The file holds `constituents`, (n, 200, 4) float32 `E, px, py, pz` in GeV, and a data set for each further column.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Arrays of jets, (n, 200, 4) each, perhaps with columns; n may differ and may be 0.
        attributes: What the jets are (process, seed, detector, ...), kept as attributes of the file next to
            `offshell_version`, `columns` and `units`.

    Returns:
        The number of jets written.

    Raises:
        InputError: If a chunk has another shape, if there is no jet at all, or if `path` cannot be written.
    """
    with new_hdf5(path) as new:
        new.file.attrs.update(attributes, offshell_version=__version__, columns="E, px, py, pz", units="GeV")
        dataset = empty_dataset(new.file, "constituents", (N_CONSTITUENTS, 4), rows_per_chunk=_JETS_PER_CHUNK)
        for chunk in chunks:
            jets, columns = chunk if isinstance(chunk, JetArrays) else (chunk, {})
            new.append(dataset, np.asarray(jets, dtype=np.float32))
            for name, column in columns.items():
                if name not in new.file:
                    shape, kind = column.shape[1:], column.dtype
                    empty_dataset(new.file, name, shape, rows_per_chunk=_JETS_PER_CHUNK, dtype=kind)
                new.append(new.file[name], column)
        return checked_length(dataset, path)


def write_events(
    path: str | Path, chunks: Iterable[EventArrays], *, attributes: Mapping[str, str | int | float]
) -> int:
    """Writes level-1 events to an HDF5 file chunk by chunk, so that memory does not grow with their number.

    The file holds `Particles`, (n, 19, 4) float32 `pt, eta, phi, class` in GeV and radians, as the ADC2021 set does,
    and for each event the code of its `process`, the number of its `parent` collision and its `weight`.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Arrays of equal length; it may differ from chunk to chunk and may be 0.
        attributes: What the events are (process, seed, pile-up, ...), kept as attributes of the file next to
            `offshell_version`, `columns` and `units`.

    Returns:
        The number of events written.

    Raises:
        InputError: If a chunk has another shape, if there is no event at all, or if `path` cannot be written.
    """
    with new_hdf5(path) as new:
        columns = "pt, eta, phi, class"
        new.file.attrs.update(attributes, offshell_version=__version__, columns=columns, units="GeV, radians")
        events = empty_dataset(new.file, "Particles", (N_OBJECTS, 4), rows_per_chunk=_EVENTS_PER_CHUNK)
        process = empty_dataset(new.file, "process", (), rows_per_chunk=_EVENTS_PER_CHUNK, dtype=np.int8)
        parent = empty_dataset(new.file, "parent", (), rows_per_chunk=_EVENTS_PER_CHUNK, dtype=np.int64)
        weight = empty_dataset(new.file, "weight", (), rows_per_chunk=_EVENTS_PER_CHUNK)
        for chunk in chunks:
            for dataset, rows in zip((events, process, parent, weight), chunk, strict=True):
                new.append(dataset, rows)
        return checked_length(events, path)
