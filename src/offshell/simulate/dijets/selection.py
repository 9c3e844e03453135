"""Which events with two hard jets are kept."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from offshell.errors import InputError
from offshell.inputs.momenta import dijet_mass, pt_eta_phi
from offshell.simulate.detector.cards import CMS
from offshell.simulate.detector.response import Detector
from offshell.simulate.dijets.processes import M_JJ_MIN, PT_MIN

__all__ = ["DIJET_ETA_MAX", "DIJET_RADIUS", "DijetSelection"]

DIJET_RADIUS, DIJET_ETA_MAX = 1.0, 2.5
"""Of the LHC Olympics 2020 (G. Kasieczka et al., arXiv:2101.08320)."""

_RADII = (0.1, 2.0)
_FARTHEST = 4.9
"""Where the calorimeters of the cards end."""
_SOFTEST_PT, _HIGHEST = 50.0, 50_000.0
"""GeV: twice what is a jet at all, and half of what any collider that is planned for can give."""


@dataclass(frozen=True)
class DijetSelection:
    """The options of `dijets` and `iter_dijets`: how jets are measured and found, and which events are kept."""

    detector: Detector = CMS
    radius: float = DIJET_RADIUS
    """Of anti-kT."""
    pt_min: float = PT_MIN
    """Of the leading jet in GeV."""
    m_jj_min: float = M_JJ_MIN
    """Of both jets together in GeV."""
    eta_max: float = DIJET_ETA_MAX
    """How far from the center either jet may be."""

    def __post_init__(self) -> None:
        """Refuse what no detector can measure."""
        ranges = {
            "radius": (self.radius, *_RADII),
            "pt_min": (self.pt_min, _SOFTEST_PT, _HIGHEST),
            "m_jj_min": (self.m_jj_min, 0.0, _HIGHEST),
            "eta_max": (self.eta_max, 0.1, _FARTHEST),
        }
        for name, (value, lowest, highest) in ranges.items():
            if not lowest <= value <= highest:
                raise InputError(
                    f"{name} is out of range. Expected: {lowest:g} to {highest:g}. Received: {value!r}."
                )

    def accepts(self, jets: Float[np.ndarray, "n 2 4"]) -> Bool[np.ndarray, " n"]:
        """Whether the event of each pair is kept; ``E, px, py, pz`` in GeV, the harder jet first."""
        pt, eta, _ = pt_eta_phi(jets)
        accepted: Bool[np.ndarray, " n"] = np.all(np.abs(eta) < self.eta_max, axis=1)
        return accepted & (pt[:, 0] > self.pt_min) & (dijet_mass(jets) > self.m_jj_min)
