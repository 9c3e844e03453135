"""The table of named processes: what collides into what, for the generator and for the truth match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from offshell.errors import InputError
from offshell.simulate.generator.lifetimes import LIFETIME_MAX
from offshell.simulate.generator.names import entry

__all__ = ["JET_PT", "PROCESSES", "Process", "TruthMatch", "process_named"]

# Of the public Top Tagging reference set, arXiv:1902.09914.
JET_PT = (550.0, 650.0)

_TRIED = (300, 2000)


@dataclass(frozen=True)
class TruthMatch:
    """The jet must hold a decaying particle: it and all its quarks within the jet radius of the axis."""

    parent: int
    """PDG code of the decaying particle, without sign."""
    n_quarks: int
    """How many quarks of the hard process it ends in."""


@dataclass(frozen=True)
class Process:
    """One line of the table."""

    name: str
    title: str
    settings: tuple[str, ...]
    """Pythia settings beyond those that all processes share."""
    source: str
    match: TruthMatch | None = None
    pt_hat: tuple[float, float] | None = None
    """Range in GeV of the pt in the hard collision, or None where masses decide how hard the jets are."""
    shower_pt: tuple[float, float] | None = None
    """Range in GeV that the leading jet may have early in the shower, or None where jets come from a decay
    that Pythia showers later. Events outside are dropped before the slow part; see docs/simulation.md."""
    jet_pt: tuple[float, float] = JET_PT
    """Range in GeV of the jets, for which the ranges above leave room."""
    lifetime_max: float | None = LIFETIME_MAX
    """Mean lifetime in mm beyond which a particle reaches the detector undecayed, or None where all that are not
    stable for Pythia decay on their way, and those made beyond the tracker are lost."""

    def with_jets_of(self, low: float, high: float) -> Process:
        """The same process for jets of another pt, in GeV; the other ranges move in proportion.

        Raises:
            InputError: The range is empty or beyond what was tried, or the masses of the process fix the pt.
        """
        if (low, high) == self.jet_pt:
            return self
        _check_range(low, high)
        if self.pt_hat is None or self.shower_pt is None:
            raise InputError(
                f"Process {self.name!r} has the pt that its masses give it. "
                f"Expected: jets of {self.jet_pt[0]:g} to {self.jet_pt[1]:g} GeV. Received: {low:g} to {high:g}."
            )
        scales = low / self.jet_pt[0], high / self.jet_pt[1]
        pt_hat, shower_pt = (
            (lowest * scales[0], highest * scales[1]) for lowest, highest in (self.pt_hat, self.shower_pt)
        )
        return replace(self, pt_hat=pt_hat, shower_pt=shower_pt, jet_pt=(low, high))


def _check_range(low: float, high: float) -> None:
    lowest, highest = _TRIED
    if not lowest <= low < high <= highest:
        raise InputError(
            f"Wrong range of pt. Expected: two rising numbers from {lowest} to {highest} GeV. Received: {low:g} to {high:g}."
        )


_HADRONIC_W = ("24:onMode = off", "24:onIfAny = 1 2 3 4 5")
_HADRONIC_Z = ("23:onMode = off", "23:onIfAny = 1 2 3 4 5")

# Two dark flavors; unstable dark mesons go to quark pairs, or out of sight as pairs of particle 51.
_DARK_SECTOR = (
    "HiddenValley:Ngauge = 2",
    "HiddenValley:nFlav = 2",
    "HiddenValley:FSR = on",
    "HiddenValley:fragment = on",
    "HiddenValley:alphaOrder = 1",
    "HiddenValley:Lambda = 5",
    "HiddenValley:pTminFSR = 6",
    "HiddenValley:probVector = 0.75",
    "51:m0 = 9",
    "4900101:m0 = 10",
    *(f"{meson}:m0 = 20" for meson in (4900111, 4900113, 4900211, 4900213)),
    *(f"{meson}:oneChannel = 1 0.7 91 3 -3" for meson in (4900111, 4900113, 4900211, 4900213)),
    *(f"{meson}:addChannel = 1 0.3 0 51 -51" for meson in (4900111, 4900113, 4900211, 4900213)),
)

_TABLE = (
    Process(
        name="qcd",
        title="light-quark and gluon jets",
        settings=("HardQCD:all = on",),
        source="Top Tagging reference set, arXiv:1902.09914",
        pt_hat=(450, 1000),
        shower_pt=(490, 900),
    ),
    Process(
        name="top",
        title="hadronic top quark, all three quarks in the jet",
        settings=("Top:gg2ttbar = on", "Top:qqbar2ttbar = on", *_HADRONIC_W),
        source="Top Tagging reference set, arXiv:1902.09914",
        match=TruthMatch(parent=6, n_quarks=3),
        pt_hat=(420, 1100),
        shower_pt=(510, 900),
    ),
    Process(
        name="w",
        title="W -> qq' beside a jet",
        settings=(
            "WeakBosonAndParton:qqbar2Wg = on",
            "WeakBosonAndParton:qg2Wq = on",
            *_HADRONIC_W,
        ),
        source="Pythia 8 manual, electroweak processes",
        match=TruthMatch(parent=24, n_quarks=2),
        pt_hat=(450, 1000),
        shower_pt=(500, 900),
    ),
    Process(
        name="z",
        title="Z -> qq beside a jet",
        settings=(
            "WeakBosonAndParton:qqbar2gmZg = on",
            "WeakBosonAndParton:qg2gmZq = on",
            "WeakZ0:gmZmode = 2",
            *_HADRONIC_Z,
        ),
        source="Pythia 8 manual, electroweak processes",
        match=TruthMatch(parent=23, n_quarks=2),
        pt_hat=(450, 1000),
        shower_pt=(500, 900),
    ),
    Process(
        name="gluon",
        title="gluon jets: gg -> gg and qq -> gg",
        settings=("HardQCD:gg2gg = on", "HardQCD:qqbar2gg = on"),
        source="the gg class of JetNet, arXiv:2106.11535, from E. Coleman et al., arXiv:1709.08705",
        pt_hat=(450, 1000),
        shower_pt=(490, 900),
    ),
    Process(
        name="quark",
        title="light-quark jets: gg, qq -> qq",
        settings=(
            "HardQCD:gg2qqbar = on",
            "HardQCD:qq2qq = on",
            "HardQCD:qqbar2qqbarNew = on",
        ),
        source="the qq class of JetNet, arXiv:2106.11535, from E. Coleman et al., arXiv:1709.08705",
        pt_hat=(450, 1000),
        shower_pt=(490, 900),
    ),
    Process(
        name="h_bb",
        title="H(125) -> bb beside Z -> neutrinos",
        settings=(
            "HiggsSM:ffbar2HZ = on",
            "25:onMode = off",
            "25:onIfMatch = 5 -5",
            "23:onMode = off",
            "23:onIfAny = 12 14 16",
        ),
        source="J. M. Butterworth et al., arXiv:0802.2470",
        match=TruthMatch(parent=25, n_quarks=2),
        pt_hat=(450, 1000),
        shower_pt=(510, 1200),
    ),
    Process(
        name="dark_shower",
        title="Z'(1.5 TeV) -> dark quarks that shower; 30 % of the 20 GeV dark mesons are invisible",
        settings=(
            "HiddenValley:ffbar2Zv = on",
            "4900023:m0 = 1500",
            "4900023:mMin = 1400",
            "4900023:mMax = 1600",
            "4900023:mWidth = 15",
            "4900023:onMode = off",
            "4900023:onIfAny = 4900101",
            *_DARK_SECTOR,
        ),
        source="T. Cohen, M. Lisanti, H. K. Lou, S. Mishra-Sharma, arXiv:1707.05326",
    ),
    Process(
        name="heavy_resonance",
        title="X(1.35 TeV) -> phi phi, phi(200 GeV) -> WW -> four quarks in one jet",
        settings=(
            "Higgs:useBSM = on",
            "HiggsBSM:gg2H2 = on",
            "35:m0 = 1350",
            "35:doForceWidth = on",
            "35:mWidth = 10",
            "35:onMode = off",
            "35:onIfMatch = 25 25",
            "25:m0 = 200",
            "25:doForceWidth = on",
            "25:mWidth = 1",
            "25:onMode = off",
            "25:onIfMatch = 24 -24",
            *_HADRONIC_W,
        ),
        source="a scalar cascade as in K. Agashe et al., arXiv:1612.00047",
        match=TruthMatch(parent=25, n_quarks=4),
    ),
)

# The jets of the Top Tagging reference set are of the second kind (docs/simulation.md), and jets that are held against
# each other must not differ in it.
PROCESSES: Mapping[str, Process] = MappingProxyType(
    {process.name: replace(process, lifetime_max=None) for process in _TABLE}
)


def process_named(name: str) -> Process:
    """Look up a process.

    Raises:
        InputError: There is no such process; the message lists all, and asks for one that is near.
    """
    return entry(PROCESSES, name)
