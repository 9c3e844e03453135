"""The table of processes that make level-1 trigger events: background, its mixture, and signals.

Names and masses are those of the ADC2021 challenge (E. Govorkova et al., arXiv:2107.02157). Decays that cannot give an
electron or muon of 23 GeV are switched off where that is exact, and `needs` drops other collisions early;
docs/simulation.md says what both lose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from offshell.simulate.generator.beam import Beam
from offshell.simulate.generator.files.events import EventFile
from offshell.simulate.generator.lifetimes import LIFETIME_MAX
from offshell.simulate.generator.processes.names import entry

__all__ = [
    "BACKGROUND",
    "BLACK_BOX",
    "CROSSING_PILEUP",
    "EVENT_PROCESSES",
    "MEAN_PILEUP",
    "MIXTURE",
    "OWN_CODE",
    "ZERO_BIAS",
    "ZERO_BIAS_CODE",
    "EventProcess",
    "PartonNeed",
    "Thinning",
    "event_process_named",
    "mean_pileup",
]

BACKGROUND, BLACK_BOX, ZERO_BIAS = "background", "black-box", "zero-bias"

ZERO_BIAS_CODE = 8
"""What files of events call crossings that nothing was asked of."""

_BEAM = Beam(energy=13)

OWN_CODE = 100
"""In files, of all processes that are not in the table."""

MEAN_PILEUP = 20.0
"""Collisions beside the hard one on average, as in the ADC2021 set."""

CROSSING_PILEUP = 60.0
"""Collisions of a crossing without bias on average, as at the LHC in 2024."""


@dataclass(frozen=True)
class PartonNeed:
    """What a collision must have after its shower to be worth going on with."""

    eta_max: Mapping[int, float]
    """Codes, without sign, of which one is needed, and how far from the center it may be."""
    pt_min: float
    """GeV."""


@dataclass(frozen=True)
class Thinning:
    """Of collisions that are unlikely to have what is needed one in so many is kept, and counts so many times."""

    hard: Mapping[int, int] = field(default_factory=dict)
    """One in how many, by the heaviest of the c and b quarks that come out of the hard process: 4, 5 or 0 for none."""
    late: int = 1
    """One in how many of those that have no hard c or b quark when the shower has come down to where it makes b quarks."""


@dataclass(frozen=True)
class EventProcess:
    """What collides into what: one line of the table, or your own."""

    name: str
    title: str = ""
    code: int = OWN_CODE
    """What files of events call it."""
    settings: tuple[str, ...] = ()
    """Pythia settings beyond those that all processes share."""
    source: str = ""
    needs: PartonNeed | None = None
    """Without which a collision is dropped early; None to look at all of them."""
    beam: Beam = _BEAM
    file: EventFile | None = None
    """Collisions of another generator, which are read instead of made."""
    invisible: tuple[int, ...] = ()
    """Codes, without sign, of stable new particles that leave the detector without a trace."""
    visible: tuple[int, ...] = ()
    """Codes, without sign, of stable new particles that stop in the hadronic calorimeter, as neutral hadrons do."""
    redecays: int = 0
    """How often taus and heavy hadrons of a collision of weight one decay again; zero for once and for all."""
    tau_polarization: float = 0.0
    """Of a tau whose decay is repeated, along its flight; the opposite for its antiparticle."""
    thinning: Thinning = field(default_factory=Thinning)
    """Which collisions are made less often than others; they count more."""
    lifetime_max: float | None = LIFETIME_MAX
    """Mean lifetime in mm beyond which a particle reaches the detector undecayed; None for the generator's own choice."""


# Muons are found up to 2.1, electrons up to 3; a tau gives them almost all of its direction, a hadron most of it.
_LEPTON = PartonNeed({11: 3.05, 13: 2.15, 15: 3.2}, pt_min=21.0)
_TAU = PartonNeed({15: 3.2}, pt_min=21.0)
_HEAVY_QUARK = PartonNeed({4: 3.5, 5: 3.5}, pt_min=28.0)
_LEPTON_OR_HEAVY_QUARK = PartonNeed({4: 3.5, 5: 3.5, 11: 3.05, 13: 2.15, 15: 3.2}, pt_min=21.0)

# A hadronic tau has no lepton to trigger on, so taus from W decay to leptons only and count as the 0.350 that do.
_LEPTONIC_TAU = ("15:onMode = off", "15:onIfAny = 11 13")
_LEPTONIC_TAU_FROM_W = ("24:8:bRatio = 0.0379", *_LEPTONIC_TAU)

# Collisions of low pt-hat rarely have a lepton, so they are made less often and their hadrons decay more often.
_QCD_PT_HAT = (
    "PhaseSpace:pTHatMin = 22",
    "PhaseSpace:bias2Selection = on",
    "PhaseSpace:bias2SelectionPow = 2",
    "PhaseSpace:bias2SelectionRef = 22",
)

_TABLE = (
    EventProcess(
        name="w-lnu",
        title="W -> e, mu or tau and a neutrino",
        code=0,
        settings=(
            "WeakSingleBoson:ffbar2W = on",
            "24:onMode = off",
            "24:onIfAny = 11 13 15",
            *_LEPTONIC_TAU_FROM_W,
        ),
        source="arXiv:2107.02157",
        needs=_LEPTON,
    ),
    EventProcess(
        name="qcd-lepton",
        title="multijets with a lepton from a heavy hadron",
        code=1,
        settings=("HardQCD:all = on", *_QCD_PT_HAT),
        source="arXiv:2107.02157",
        needs=_HEAVY_QUARK,
        redecays=260,
        thinning=Thinning(hard={0: 2, 4: 2, 5: 1}, late=5),
    ),
    EventProcess(
        name="z-ll",
        title="Z or photon -> two electrons, muons or taus",
        code=2,
        settings=("WeakSingleBoson:ffbar2gmZ = on", "23:onMode = off", "23:onIfAny = 11 13 15"),
        source="arXiv:2107.02157",
        needs=_LEPTON,
    ),
    EventProcess(
        name="ttbar",
        title="pairs of top quarks",
        code=3,
        settings=("Top:gg2ttbar = on", "Top:qqbar2ttbar = on"),
        source="arXiv:2107.02157",
        needs=_LEPTON_OR_HEAVY_QUARK,
    ),
    EventProcess(
        name="a-4l",
        title="A(50 GeV) -> four leptons, taus among them, through two off-shell Z",
        code=4,
        settings=(
            "HiggsSM:gg2H = on",
            "25:m0 = 50",
            "25:mMin = 49",
            "25:mMax = 51",
            "25:onMode = off",
            "25:onIfMatch = 23 23",
            "23:onMode = off",
            "23:onIfAny = 11 13 15",
            "23:mMin = 0.1",
        ),
        source="arXiv:2107.02157",
        needs=_LEPTON,
    ),
    EventProcess(
        name="leptoquark",
        title="pairs of leptoquarks (80 GeV) -> b tau",
        code=5,
        settings=(
            "LeptoQuark:gg2LQLQbar = on",
            "LeptoQuark:qqbar2LQLQbar = on",
            "42:m0 = 80",
            "42:mMin = 70",
            "42:mMax = 90",
            "42:0:products = 5 15",
        ),
        source="arXiv:2107.02157",
        needs=_LEPTON_OR_HEAVY_QUARK,
        redecays=4,
    ),
    EventProcess(
        name="h-tautau",
        title="scalar (60 GeV) -> tau tau",
        code=6,
        settings=("HiggsSM:gg2H = on", "25:m0 = 60", "25:onMode = off", "25:onIfAny = 15"),
        source="arXiv:2107.02157",
        needs=_TAU,
        redecays=8,
    ),
    EventProcess(
        name="hch-taunu",
        title="charged scalar (60 GeV) -> tau and a neutrino",
        code=7,
        settings=(
            "Higgs:useBSM = on",
            "HiggsBSM:ffbar2H+- = on",
            "37:m0 = 60",
            "37:onMode = off",
            "37:onIfAny = 15",
        ),
        source="arXiv:2107.02157",
        needs=_TAU,
        redecays=20,
        tau_polarization=1.0,  # the neutrino beside it has helicity -1/2, and a scalar has no spin to share
    ),
)

EVENT_PROCESSES: Mapping[str, EventProcess] = MappingProxyType({process.name: process for process in _TABLE})

MIXTURE: Mapping[str, float] = MappingProxyType(
    {"w-lnu": 0.592, "qcd-lepton": 0.338, "z-ll": 0.067, "ttbar": 0.003}
)
"""Shares of the background after the selection, from arXiv:2107.02157."""


def event_process_named(name: str) -> EventProcess:
    """Look up a process.

    Raises:
        InputError: There is no such process; the message lists all, and asks for one that is near.
    """
    return entry(EVENT_PROCESSES, name, mixtures=(BACKGROUND, BLACK_BOX, ZERO_BIAS))


def mean_pileup(process: object, pileup: float | None) -> float:
    """The mean number of collisions that was asked for, or else that of the process."""
    if pileup is not None:
        return pileup
    return CROSSING_PILEUP if process == ZERO_BIAS else MEAN_PILEUP
