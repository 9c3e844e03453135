"""Write pairs of jets to files as they come."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from offshell import __version__
from offshell.inputs.dijets import Dijets
from offshell.io.growing import checked_length, empty_dataset
from offshell.io.new_hdf5 import new_hdf5

__all__ = ["COLUMNS", "write_dijets"]

COLUMNS = tuple(field.name for field in fields(Dijets))
"""The data sets of a file."""

_EVENTS_PER_CHUNK = 128


def write_dijets(
    path: str | Path, chunks: Iterable[Dijets], *, attributes: Mapping[str, str | int | float]
) -> int:
    """Writes pairs of jets to an HDF5 file chunk by chunk, so that memory does not grow with their number.

    The file holds a data set for each field of `offshell.inputs.dijets.Dijets`: `constituents` (n, 2, particles, 4) and
    `jets` (n, 2, 4), `E, px, py, pz` in GeV, `m_jj` and `pt_hat` in GeV, `weight` and `label`.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Events; how many may differ from chunk to chunk and may be 0, how many constituents may not.
        attributes: What the events are (process, seed, detector, ...), kept as attributes of the file next to
            `offshell_version`, `columns` and `units`.

    Returns:
        The number of events written.

    Raises:
        InputError: If a chunk has another shape, if there is no event at all, or if `path` cannot be written.
    """
    with new_hdf5(path) as new:
        new.file.attrs.update(attributes, offshell_version=__version__, columns="E, px, py, pz", units="GeV")
        written = 0
        for chunk in chunks:
            for name in COLUMNS:
                rows = getattr(chunk, name)
                if name not in new.file:
                    kind = rows.dtype.type
                    empty_dataset(
                        new.file, name, rows.shape[1:], rows_per_chunk=_EVENTS_PER_CHUNK, dtype=kind
                    )
                new.append(new.file[name], rows)
            written = checked_length(new.file["m_jj"], path)
        return written
