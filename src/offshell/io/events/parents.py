"""Which collision each event of a file is from, where the file says so."""

from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Int

from offshell.errors import InputError
from offshell.io.absent import refuse_absent

__all__ = ["read_parents"]

_KEYS = ("parent", "extra/parent_id")


def read_parents(
    path: str | Path, *, start: int = 0, stop: int | None = None
) -> Int[np.ndarray, " n"] | None:
    """Returns the number of the parent collision of each event, which several events can share; None if a file has none.

    Offshell writes `parent` into the files that it simulates. Files of other layouts have no such numbers.

    Args:
        path: A file of events.
        start: The first event.
        stop: One past the last event; None reads to the end.

    Raises:
        InputError: If the numbers are not integers, one for each event.
    """
    if not h5py.is_hdf5(path):
        return None
    with h5py.File(path) as file:
        key = next((key for key in _KEYS if key in file), None)
        if key is None or "Particles" not in file:
            return None
        parents, n_events = file[key], len(file["Particles"])
        if parents.shape != (n_events,) or parents.dtype.kind not in "iu":
            raise InputError(
                f"{path}: wrong {key}. Expected: {n_events} integers. Received: {parents.dtype} of {parents.shape}."
            )
        refuse_absent(Path(path), parents)
        return np.asarray(parents[start:stop], np.int64)
