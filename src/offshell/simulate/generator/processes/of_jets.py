"""The table of processes that have a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from offshell.simulate.generator.processes.dark_showers import dark_shower
from offshell.simulate.generator.processes.names import entry
from offshell.simulate.generator.processes.process import Process, TruthMatch

__all__ = ["PROCESSES", "process_named"]

_HADRONIC_W = ("24:onMode = off", "24:onIfAny = 1 2 3 4 5")
_HADRONIC_Z = ("23:onMode = off", "23:onIfAny = 1 2 3 4 5")

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
    dark_shower(),
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
