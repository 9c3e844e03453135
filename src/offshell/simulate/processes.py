"""The table of named processes: what collides into what, for the generator and for the truth match."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from offshell.errors import InputError

__all__ = ["PROCESSES", "Process", "TruthMatch", "process_named"]


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
    shower_pt: tuple[float, float] | None = None
    """Range in GeV that the leading jet may have early in the shower, or None where jets come from a decay
    that Pythia showers later. Events outside are dropped before the slow part; see docs/simulation.md."""


def _pt_hat(low: float, high: float) -> tuple[str, str]:
    return (f"PhaseSpace:pTHatMin = {low}", f"PhaseSpace:pTHatMax = {high}")


_HADRONIC_W = ("24:onMode = off", "24:onIfAny = 1 2 3 4 5")
_HADRONIC_Z = ("23:onMode = off", "23:onIfAny = 1 2 3 4 5")

_TABLE = (
    Process(
        name="qcd",
        title="light-quark and gluon jets",
        settings=("HardQCD:all = on", *_pt_hat(450, 1000)),
        source="Top Tagging reference set, arXiv:1902.09914",
        shower_pt=(500, 720),
    ),
    Process(
        name="top",
        title="hadronic top quarks, all three quarks in the jet",
        settings=("Top:gg2ttbar = on", "Top:qqbar2ttbar = on", *_HADRONIC_W, *_pt_hat(420, 1100)),
        source="Top Tagging reference set, arXiv:1902.09914",
        match=TruthMatch(parent=6, n_quarks=3),
        shower_pt=(500, 750),
    ),
)

PROCESSES: Mapping[str, Process] = MappingProxyType({process.name: process for process in _TABLE})


def process_named(name: str) -> Process:
    """Look up a process.

    Raises:
        InputError: There is no such process; the message names the nearest one and lists all.
    """
    if name in PROCESSES:
        return PROCESSES[name]
    nearest = difflib.get_close_matches(name.lower(), PROCESSES, n=1, cutoff=0.0)[0]
    raise InputError(
        f"Unknown process. Did you mean {nearest!r}? Expected: one of {', '.join(PROCESSES)}. Received: {name!r}."
    )
