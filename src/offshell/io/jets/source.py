"""What a reader of jet files gives: jets and labels by ranges of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Shaped

__all__ = ["JetFile", "Rows"]

Rows = Callable[[int, int], Shaped[np.ndarray, "n *row"]]


@dataclass(frozen=True)
class JetFile:
    """An open file of jets, read by ranges of rows.

    Attributes:
        path: The file.
        n_jets: The number of jets in it.
        constituents: Rows [start, stop) as (n, particles, 4), `E, px, py, pz`, unchecked.
        labels: Rows [start, stop) as (n,), 0 for QCD and 1 for top; None if the file has no labels.
        columns: What identifies the jets and what they count for, as far as the file says, each as rows [start, stop).
    """

    path: Path
    n_jets: int
    constituents: Rows
    labels: Rows | None
    columns: Mapping[str, Rows] = field(default_factory=dict)
