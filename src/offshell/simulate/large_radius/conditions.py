"""How jets are measured and found, and which are kept: all that is not said by the process."""

from dataclasses import dataclass

import numpy as np

from offshell.errors import InputError
from offshell.inputs.constituents import JET_RADIUS
from offshell.simulate.detector.cards import ATLAS
from offshell.simulate.detector.response import Detector

__all__ = ["JET_ETA_MAX", "Conditions", "SoftDrop"]

JET_ETA_MAX = 2.0
"""Of the public Top Tagging reference set, arXiv:1902.09914."""

_LARGEST_SHARE = 0.5
"""Of the softer branch."""

_RADII = (0.1, 2.0)
_FARTHEST = 4.9
"""Where the calorimeters of the cards end."""
_MOST_PILEUP = 300.0
"""More than any collider is planned for."""


@dataclass(frozen=True)
class SoftDrop:
    """Grooming after A. Larkoski, S. Marzani, G. Soyez, J. Thaler (arXiv:1402.2657): soft branches at wide angles are dropped.

    A branching passes if ``z > zcut * (distance / radius) ** beta``, z the share of the softer branch.
    """

    zcut: float = 0.1
    beta: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a share that no or every branching has."""
        if not (0 < self.zcut < _LARGEST_SHARE and np.isfinite(self.beta)):
            raise InputError(
                "Wrong soft drop. Expected: zcut between 0 and 0.5 and a finite beta. "
                f"Received: zcut={self.zcut!r}, beta={self.beta!r}."
            )


@dataclass(frozen=True)
class Conditions:
    """The options of `jets` and `iter_jets`."""

    detector: Detector | None = ATLAS
    """None for the particles as they are."""
    pileup: float = 0.0
    """Mean number of further collisions; what PUPPI finds of them is taken away."""
    radius: float = JET_RADIUS
    """Of anti-kT, and of the truth match."""
    eta_max: float = JET_ETA_MAX
    soft_drop: SoftDrop | None = None
    """Where given, jets have a `soft_drop_mass`."""
    identities: bool = False
    """Whether charge and particle code of each constituent are kept."""

    def __post_init__(self) -> None:
        """Refuse what no detector can measure."""
        ranges = {
            "radius": (self.radius, *_RADII),
            "eta_max": (self.eta_max, 0.1, _FARTHEST),
            "pileup": (self.pileup, 0.0, _MOST_PILEUP),
        }
        for name, (value, lowest, highest) in ranges.items():
            if not lowest <= value <= highest:
                raise InputError(
                    f"{name} is out of range. Expected: {lowest:g} to {highest:g}. Received: {value!r}."
                )
