"""What a run found in trigger events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.evaluate.rates.operating_points import OperatingPoints

__all__ = ["EventFindings"]


@dataclass(frozen=True)
class EventFindings:
    """What else there is to show of trigger events.

    Attributes:
        observables: Kinematics of the events by name and sample, `{observable: {sample: (n,)}}`, pT in GeV.
        most_anomalous: The most anomalous events of each sample, the most anomalous first, (k, 19, 4).
        titles: What stands above each of these.
        errors: Mean squared error of each feature, `{sample: (57,)}`; empty when nothing is reconstructed.
        operating_points: Efficiencies at trigger rates, and what the detector adds to simple triggers.
        about_rates: What the rates are shares of, a sentence.
    """

    observables: Mapping[str, Mapping[str, Float[np.ndarray, " n"]]]
    most_anomalous: Mapping[str, Float[np.ndarray, "k 19 4"]]
    titles: Mapping[str, Sequence[str]]
    errors: Mapping[str, Float[np.ndarray, " 57"]]
    operating_points: OperatingPoints
    about_rates: str
