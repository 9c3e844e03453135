"""The table of processes that make two hard jets: QCD, and resonances that decay to a pair of boosted particles."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from offshell.errors import InputError
from offshell.simulate.generator.beam import Beam
from offshell.simulate.generator.processes.given import Given, given_process, is_process_file
from offshell.simulate.generator.processes.names import entry
from offshell.simulate.generator.processes.process import Process

__all__ = [
    "BENCHMARK_DAUGHTERS",
    "BENCHMARK_MASS",
    "BENCHMARK_PRONGS",
    "DIJET_BEAM",
    "DIJET_PROCESSES",
    "M_JJ_MIN",
    "PT_MIN",
    "QCD_DIJETS",
    "RESONANCES",
    "XY_RESONANCE",
    "dijet_resonance",
    "given_dijet_process",
    "qcd_dijets",
    "xy_resonance",
]

DIJET_BEAM = Beam(energy=13)

QCD_DIJETS, XY_RESONANCE = "qcd", "xy"
RESONANCES = ("wz", "tt", "hh")

PT_MIN, M_JJ_MIN = 1200.0, 2500.0
"""GeV: the trigger of the LHC Olympics 2020 (G. Kasieczka et al., arXiv:2101.08320), and where its turn-on is over."""

# Jets that radiation lifts above a threshold come from far below it. What is lost below these shares, and by the look at
# the leading jet early in the shower, stands in docs/simulation_dijets.md.
_PT_HAT_PER_PT, _M_HAT_PER_M_JJ, _SHOWER_PT_PER_PT = 0.625, 0.65, 0.85

BENCHMARK_MASS, BENCHMARK_DAUGHTERS, BENCHMARK_PRONGS = 3500.0, (500.0, 100.0), 2
"""GeV: the signal of the research and development set of the LHC Olympics."""

_MASSES = (500.0, 10_000.0)
_LIGHTEST_DAUGHTER = 20.0
_LOWEST_SHARE = 0.5
"""Of the mass of a resonance; what is far below has no peak, and is more than the peak where quarks are soft."""

_HADRONIC_W = ("24:onMode = off", "24:onIfAny = 1 2 3 4 5")
_HADRONIC = (*_HADRONIC_W, "23:onMode = off", "23:onIfAny = 1 2 3 4 5")
# A W' that couples to quarks just enough to be made, as in the cards of the LHC Olympics.
_W_PRIME = (
    "NewGaugeBoson:ffbar2Wprime = on",
    "Wprime:coup2WZ = 1",
    "Wprime:vq = 1e-7",
    "Wprime:aq = 0",
    "Wprime:vl = 0",
    "Wprime:al = 0",
)
_Z_PRIME = (
    "NewGaugeBoson:ffbar2gmZZprime = on",
    "Zprime:gmZmode = 3",
    "32:onMode = off",
    "32:onIfAny = 6",
    *_HADRONIC_W,
)
_GRAVITON = (
    "ExtraDimensionsG*:gg2G* = on",
    "ExtraDimensionsG*:ffbar2G* = on",
    "5100039:onMode = off",
    "5100039:onIfAny = 25",
    "25:onMode = off",
    "25:onIfMatch = 5 -5",
)
# X and Y are a W and a Z of other masses. Three quarks carry baryon number away, which Pythia describes by a junction.
_DECAYS = {2: _HADRONIC, 3: ("24:oneChannel = 1 1 101 2 4 1", "23:oneChannel = 1 1 101 2 3 1")}

_W_PRIME_CODE, _Z_PRIME_CODE, _GRAVITON_CODE = 34, 32, 5100039


def qcd_dijets(*, pt_min: float = PT_MIN, m_jj_min: float = M_JJ_MIN) -> Process:
    """QCD above a threshold: the generator begins where all but one event in a hundred of those are made.

    Args:
        pt_min: GeV that the leading jet is to have at least.
        m_jj_min: GeV that both jets together are to have at least.
    """
    return Process(
        name=QCD_DIJETS,
        title=f"QCD, for jets of {pt_min:g} GeV and pairs of {m_jj_min / 1000:g} TeV or more",
        settings=(
            "HardQCD:all = on",
            f"PhaseSpace:pTHatMin = {_PT_HAT_PER_PT * pt_min:g}",
            f"PhaseSpace:mHatMin = {_M_HAT_PER_M_JJ * m_jj_min:g}",
        ),
        source="LHC Olympics 2020, arXiv:2101.08320",
        beam=DIJET_BEAM,
        shower_pt=(_SHOWER_PT_PER_PT * pt_min, math.inf),
    )


def xy_resonance(
    *,
    mass: float = BENCHMARK_MASS,
    daughters: tuple[float, float] = BENCHMARK_DAUGHTERS,
    prongs: int = BENCHMARK_PRONGS,
) -> Process:
    """A W' that decays to two new particles, X and Y, of any masses, and these to two or three quarks each.

    The defaults are the signal of the LHC Olympics 2020 (G. Kasieczka et al., arXiv:2101.08320).

    Args:
        mass: Of the W' in GeV; what is below half of it, far from the peak, is not generated.
        daughters: Masses of X and Y in GeV. With two prongs their widths are 2.6 and 2.7 per cent, with three 2.1 and 2.5 GeV.
        prongs: How many quarks X and Y decay to: 2 or 3.

    Raises:
        InputError: One of the numbers is out of range.

    Example:
        >>> xy_resonance(mass=3000, daughters=(300, 300), prongs=3).title
        "W'(3 TeV) -> X(300 GeV) Y(300 GeV), each to 3 quarks"
    """
    if prongs not in _DECAYS:
        raise InputError(f"Wrong number of prongs. Expected: 2 or 3. Received: {prongs!r}.")
    if min(daughters) < _LIGHTEST_DAUGHTER or sum(daughters) >= mass:
        raise InputError(
            f"Wrong masses of daughters. Expected: {_LIGHTEST_DAUGHTER:g} GeV each at least, below {mass:g} together. "
            f"Received: {daughters[0]:g} and {daughters[1]:g}."
        )
    x, y = daughters
    return Process(
        name=XY_RESONANCE,
        title=f"W'({mass / 1000:g} TeV) -> X({x:g} GeV) Y({y:g} GeV), each to {prongs} quarks",
        settings=(
            *_W_PRIME,
            *_heavy(_W_PRIME_CODE, mass),
            f"24:m0 = {x:g}",
            f"23:m0 = {y:g}",
            *_DECAYS[prongs],
        ),
        source="LHC Olympics 2020, arXiv:2101.08320",
        beam=DIJET_BEAM,
    )


def dijet_resonance(name: str, *, mass: float = BENCHMARK_MASS) -> Process:
    """A heavy particle that decays to a pair of particles that there are, and these to quarks.

    Args:
        name: ``"wz"``: W' to W Z; ``"tt"``: Z' to two top quarks; ``"hh"``: a graviton (L. Randall, R. Sundrum,
            hep-ph/9905221) to two Higgs bosons, and these to b quarks.
        mass: Of the heavy particle in GeV; what is below half of it, far from the peak, is not generated.

    Raises:
        InputError: There is no such process, or the mass is out of range.
    """
    tev = f"{mass / 1000:g} TeV"
    kinds = {
        "wz": (f"W'({tev}) -> W Z -> four quarks", (*_W_PRIME, *_heavy(_W_PRIME_CODE, mass), *_HADRONIC)),
        "tt": (f"Z'({tev}) -> two hadronic top quarks", (*_Z_PRIME, *_heavy(_Z_PRIME_CODE, mass))),
        "hh": (
            f"graviton({tev}) -> two Higgs bosons -> four b quarks",
            (*_GRAVITON, *_heavy(_GRAVITON_CODE, mass)),
        ),
    }
    title, settings = entry(kinds, name)
    return Process(
        name=name,
        title=title,
        settings=settings,
        source="Pythia 8 manual, new gauge bosons and extra dimensions",
        beam=DIJET_BEAM,
    )


def _heavy(code: int, mass: float) -> tuple[str, ...]:
    lowest, highest = _MASSES
    if not lowest <= mass <= highest:
        raise InputError(
            f"mass is out of range. Expected: {lowest:g} to {highest:g} GeV. Received: {mass!r}."
        )
    return (f"{code}:m0 = {mass:g}", f"{code}:mMin = {_LOWEST_SHARE * mass:g}")


DIJET_PROCESSES: Mapping[str, Process] = MappingProxyType(
    {process.name: process for process in (qcd_dijets(), xy_resonance(), *map(dijet_resonance, RESONANCES))}
)


def given_dijet_process(given: Given, *, pt_min: float = PT_MIN, m_jj_min: float = M_JJ_MIN) -> Process:
    """The process that a user means.

    Args:
        given: A name in `DIJET_PROCESSES`, a process, or a file as for `offshell.simulate.given_process`; settings that do
            not say otherwise are for 13 TeV.
        pt_min: GeV that the leading jet is to have, which decides where QCD begins.
        m_jj_min: GeV that both jets together are to have, likewise.

    Raises:
        InputError: There is no such process, or the file is missing, damaged, empty or not understood.
        MissingDependencyError: The package that reads the file is not installed.
    """
    if isinstance(given, Process):
        return given
    if is_process_file(given):
        return replace(given_process(given), beam=DIJET_BEAM)
    if given == QCD_DIJETS:
        return qcd_dijets(pt_min=pt_min, m_jj_min=m_jj_min)
    return entry(DIJET_PROCESSES, os.fspath(given))
