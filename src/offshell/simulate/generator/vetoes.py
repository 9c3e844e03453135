"""Where Pythia is interrupted to drop a collision before the slow part, if it cannot become what is wanted."""

import numpy as np
import pythia8mc

from offshell.inputs.constituents import JET_RADIUS
from offshell.simulate.generator.processes.of_events import PartonNeed, Thinning

__all__ = ["HARD_OUTGOING", "LeadingJetVeto", "PartonVeto"]

# The scale in GeV at which the shower is interrupted to look at the leading jet: the hard radiation is done, most
# of the time is still to be spent.
_LEADING_JET_SCALE = 10.0
# Pythia's mass of the b quark in GeV, below which its shower makes none. Six sevenths of the time lie below.
_BOTTOM_SCALE = 4.8
# What the shower below that scale may add to the transverse momentum of a quark, in GeV.
_LATE_PT = 4.0
_HEAVY_QUARKS = (4, 5)
HARD_OUTGOING = (5, 6)
"""Rows of what comes out of a collision of two partons."""
_RESONANCE_SHOWER = 5  # Pythia's number for the stage in which decay products radiate
_ETA_MAX = 5.0
_ALL_FINAL_PARTICLES = 1
_TRUE_MASSES = 2


class LeadingJetVeto(pythia8mc.UserHooks):  # type: ignore[misc]  # pythia8mc has no types
    """Drops a collision whose leading jet, early in the shower, is far from the wanted range."""

    def __init__(self, pt_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = pt_range
        # Pythia's own anti-kT: fjcore would print a banner.
        self.jets = pythia8mc.SlowJet(
            powerIn=-1,
            Rin=JET_RADIUS,
            pTjetMinIn=self.low,
            etaMaxIn=_ETA_MAX,
            selectIn=_ALL_FINAL_PARTICLES,
            massSetIn=_TRUE_MASSES,
            sjHookPtrIn=None,
            useFJcoreIn=False,
            useStandardRin=True,
        )

    def canVetoPT(self) -> bool:
        """Whether Pythia asks during the shower."""
        return True

    def scaleVetoPT(self) -> float:
        """When it asks, in GeV."""
        return _LEADING_JET_SCALE

    def doVetoPT(self, stage: int, event: pythia8mc.Event) -> bool:
        """Whether a collision is dropped there."""
        if stage == _RESONANCE_SHOWER:
            return False
        self.jets.analyze(event)
        return bool(self.jets.sizeJet() == 0 or self.jets.pT(0) > self.high)


class PartonVeto(pythia8mc.UserHooks):  # type: ignore[misc]  # pythia8mc has no types
    """Drops a collision that has nothing after the shower that could give the wanted lepton.

    Those that are unlikely to have it are dropped before, but for one in so many, which counts so many times.
    """

    def __init__(self, need: PartonNeed, thinning: Thinning, seed: int) -> None:
        super().__init__()
        self.need, self.thinning = need, thinning
        self.random = np.random.default_rng(seed).random
        self.hard = self.late = 1
        self.counts: dict[float, int] = {}
        """How many times a collision that was kept counts, by `px` of what came out of it first."""

    def canVetoProcessLevel(self) -> bool:
        """Whether Pythia asks before the shower."""
        return self.thinning.late > 1

    def doVetoProcessLevel(self, process: pythia8mc.Event) -> bool:
        """Whether a collision is dropped before the shower."""
        codes = {process[row].idAbs() for row in HARD_OUTGOING}
        heaviest = max(codes.intersection(_HEAVY_QUARKS), default=0)
        self.hard, self.late = self.thinning.hard.get(heaviest, 1), 1
        return self._is_dropped(self.hard)

    def canVetoPT(self) -> bool:
        """Whether Pythia asks during the shower."""
        return self.thinning.late > 1

    def scaleVetoPT(self) -> float:
        """When it asks, in GeV."""
        return _BOTTOM_SCALE

    def doVetoPT(self, stage: int, event: pythia8mc.Event) -> bool:
        """Whether a collision is dropped there."""
        if stage == _RESONANCE_SHOWER:
            return False
        self.late = 1 if _has(event, self.need, self.need.pt_min - _LATE_PT) else self.thinning.late
        return self._is_dropped(self.late)

    def canVetoPartonLevel(self) -> bool:
        """Pythia asks after the shower."""
        return True

    def doVetoPartonLevel(self, event: pythia8mc.Event) -> bool:
        """Whether a collision is dropped after the shower."""
        if not _has(event, self.need, self.need.pt_min):
            return True
        self.counts[event[HARD_OUTGOING[0]].px()] = self.hard * self.late
        return False

    def _is_dropped(self, one_in: int) -> bool:
        return one_in > 1 and self.random() * one_in > 1


def _has(event: pythia8mc.Event, need: PartonNeed, pt_min: float) -> bool:
    """Whether there is what is needed; from the end of the record, where the final particles are."""
    for row in range(event.size() - 1, 0, -1):
        particle = event[row]
        eta_max = need.eta_max.get(particle.idAbs())
        if (
            eta_max is not None
            and particle.isFinal()
            and particle.pT() > pt_min
            and abs(particle.eta()) < eta_max
        ):
            return True
    return False
