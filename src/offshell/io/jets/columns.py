"""What else a file knows of its jets: weights, flavors, identities of constituents."""

from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Shaped

from offshell.io.hdf5 import opened
from offshell.io.rows import refuse_impossible_range

__all__ = ["read_jet_columns"]

_CONSTITUENTS = "constituents"


def read_jet_columns(
    path: str | Path, *, start: int = 0, stop: int | None = None
) -> dict[str, Shaped[np.ndarray, "n ..."]]:
    """The data sets of a file that have a row for each of its `constituents`, by name; none where there are no others.

    Simulated jets have `pt_hat` (GeV), `flavor` (PDG code), `n_dark_hadrons`, and where it was asked for `soft_drop_mass`
    (GeV), `constituent_charge` and `constituent_pdg_id` (n, 200); see `offshell.simulate.iter_jets`.

    Args:
        path: An HDF5 file.
        start: The first jet.
        stop: One past the last jet; None reads to the end. As in a slice, fewer jets come if the file ends before.

    Raises:
        InputError: If the file is missing or not HDF5, or the range counts from below zero.
    """
    refuse_impossible_range(start, stop, unit="jets")
    with opened(Path(path), content="jets") as file:
        n_jets = len(file[_CONSTITUENTS]) if _CONSTITUENTS in file else None
        found = {name: item for name, item in file.items() if name != _CONSTITUENTS}
        return {
            name: item[start:stop]
            for name, item in found.items()
            if isinstance(item, h5py.Dataset) and item.shape[:1] == (n_jets,)
        }
