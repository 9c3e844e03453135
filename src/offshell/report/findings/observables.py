"""What a run found in observables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

__all__ = ["ObservableFindings"]


@dataclass(frozen=True)
class ObservableFindings:
    """How the samples differ in what the detector sees, by name.

    Attributes:
        names: Of the observables.
        medians: How far the median of each sample lies from that of the background, in units of half the distance of the
            background's quantiles at 16 and 84 %.
        errors: Mean squared error of the reconstruction after scaling; empty when nothing is reconstructed.
    """

    names: Sequence[str]
    medians: Mapping[str, Float[np.ndarray, " names"]]
    errors: Mapping[str, Float[np.ndarray, " names"]]
