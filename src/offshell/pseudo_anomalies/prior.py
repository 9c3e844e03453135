"""What is assumed about anomalies: how many prongs, and how heavy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from offshell.errors import InputError

__all__ = ["MASS", "PRONGS", "Prior"]

PRONGS = (2, 3, 4)
MASS = (30.0, 350.0)
"""GeV; what decays inside jets of 550 to 650 GeV and R = 0.8."""

_FEWEST_PRONGS = 2


@dataclass(frozen=True)
class Prior:
    """Each number of prongs is as probable as another, and each mass in GeV from the lower to the upper end."""

    prongs: Sequence[int] = PRONGS
    mass: tuple[float, float] = MASS

    def __post_init__(self) -> None:
        prongs = np.asarray(self.prongs)
        if prongs.dtype.kind != "i" or prongs.min() < _FEWEST_PRONGS:  # none at all are no integers
            raise InputError(
                f"prongs are not numbers of prongs. Expected: integers >= {_FEWEST_PRONGS}. Received: {self.prongs!r}."
            )
        low, high = self.mass
        if not 0 < low < high < np.inf:
            raise InputError(f"mass is no range. Expected: 0 < low < high in GeV. Received: {self.mass!r}.")
