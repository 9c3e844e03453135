"""What a run found with a committee of classifiers against pseudo-anomalies, and what these look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.evaluate.separation.area import Auc

__all__ = ["CommitteeFindings"]


@dataclass(frozen=True)
class CommitteeFindings:
    """A committee, what it was taught with, and how much that decides.

    Attributes:
        expression: The weighted sum of terms.
        mass_range: Masses of the pseudo-anomalies in GeV.
        speaking: The member that speaks for each of the most anomalous jets of a sample, the most anomalous first.
        shares: For how many of the most anomalous percent of a sample each member speaks.
        without: How well each signal is found without each member; empty for a single one.
        mass_correlation: Rank correlation of the score with the jet mass, for each sample.
        mass_weights: How many fresh pseudo-anomalies pass with one percent of the background, in bins of their mass, (bins,), by
            the weight that `- rare_mass` has beside the members; empty for a detector that knows no mass.
        images: Some jets of the background and of each family of pseudo-anomalies, (m, height, width, 1).
        masses: Jet masses of the same in GeV, (k,).
        left_out: Families of pseudo-anomalies that have no part in the committee.
    """

    expression: str
    mass_range: tuple[float, float]
    speaking: Mapping[str, Sequence[str]]
    shares: Mapping[str, Mapping[str, float]]
    without: Mapping[str, Mapping[str, Auc]]
    mass_correlation: Mapping[str, float]
    mass_weights: Mapping[float, Float[np.ndarray, " bins"]]
    images: Mapping[str, Float[np.ndarray, "m height width 1"]]
    masses: Mapping[str, Float[np.ndarray, " k"]]
    left_out: Sequence[str] = ()
