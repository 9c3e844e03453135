"""The scores of the test events on disk: one data set for each sample, one column for each score."""

from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float

from offshell.io.new_hdf5 import new_hdf5

__all__ = ["read_scores", "write_scores"]

Scores = dict[str, Float[np.ndarray, " n"]]


def write_scores(path: Path, scored: Iterable[tuple[str, Scores]]) -> None:
    """Write scores by name of each sample, one sample after the other; the order stays."""
    with new_hdf5(path, track_order=True) as new:
        for sample, scores in scored:
            new.file[sample] = np.stack(list(scores.values()), axis=1)
            new.file[sample].attrs["scores"] = list(scores)


def read_scores(path: Path) -> dict[str, Scores]:
    """The scores that `write_scores` wrote, `{sample: {score: (n,)}}`."""
    with h5py.File(path) as file:
        return {
            sample: dict(zip(values.attrs["scores"], np.asarray(values).T, strict=True))
            for sample, values in file.items()
        }
