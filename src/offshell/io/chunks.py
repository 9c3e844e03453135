"""Rows of a file, a chunk at a time, with what identifies each of them and what it counts for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Shaped

from offshell.errors import InputError

__all__ = ["IDENTITY", "Chunk", "Columns", "OnBad", "named_columns", "sliced"]

Columns = Mapping[str, Shaped[np.ndarray, " n"]]

OnBad = Literal["error", "nan", "drop"]
"""What becomes of rows with impossible numbers."""

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "run": ("run",),
    "lumi": ("lumi", "luminosityBlock", "ls"),
    "event": ("event",),
    "weight": ("weight", "genWeight", "Event.Weight"),
}
"""What a score is written with, and how it is called in files: NanoAOD of CMS, Delphes, level-1 data, Offshell's own."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file in order."""

    rows: Float[np.ndarray, "n objects 4"]
    """Checked jets or events; a row that is `bad` holds nothing that means anything."""
    columns: Columns
    """`entry`, the number of the row in its file, and what else the file says: `run`, `lumi`, `event`, `weight`."""
    bad: Bool[np.ndarray, " n"]
    """Which rows hold impossible numbers."""

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, mask: Bool[np.ndarray, " n"]) -> "Chunk":
        """The rows for which ``mask`` holds."""
        columns = {name: values[mask] for name, values in self.columns.items()}
        return Chunk(self.rows[mask], columns, self.bad[mask])


def named_columns(present: Iterable[str]) -> dict[str, str]:
    """How the columns of `IDENTITY` are called in a file; those that it lacks are left out.

    Example:
        >>> named_columns(["run", "luminosityBlock", "Jet_pt"])
        {'run': 'run', 'lumi': 'luminosityBlock'}
    """
    known = set(present)
    found = {name: [key for key in keys if key in known] for name, keys in IDENTITY.items()}
    return {name: keys[0] for name, keys in found.items() if keys}


def sliced(columns: Mapping[str, Any], n_rows: int, *, source: str) -> Iterator[tuple[str, Any]]:
    """The columns that have one number for each row.

    Args:
        columns: Open data sets by name.
        n_rows: Rows of the file.
        source: What an error names.

    Raises:
        InputError: If one has another length or holds no numbers.
    """
    for name, values in columns.items():
        shape, kind = getattr(values, "shape", "a group"), getattr(values, "dtype", np.dtype("O")).kind
        if shape != (n_rows,) or kind not in "iuf":
            raise InputError(f"{source}: wrong {name}. Expected: {n_rows} numbers. Received: shape {shape}.")
        yield name, values
