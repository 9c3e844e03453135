"""The numbers of ATLAS-like and CMS-like detectors, each with its source: cards of Delphes (github.com/delphes/delphes).

`ATLAS`: `cards/delphes_card_ATLAS.tcl` with one grid of towers for both calorimeters, as in release 3.3.2 (commit
8713dee). `ATLAS_FINE`: the same file as it has been since, with a fine electromagnetic calorimeter (commit 15772b7).
`CMS`: `cards/delphes_card_CMS.tcl` of the releases 3.4.1 to 3.5.0 and of today.
The sources that those cards give for their numbers are repeated below.
"""

from dataclasses import replace
from types import MappingProxyType

from offshell.simulate.detector.response import (
    Calorimeter,
    CalorimeterResolution,
    Detector,
    Efficiency,
    Layer,
    Tracker,
    TrackerSpecies,
    TrackResolution,
    tower_grid,
)

__all__ = ["ATLAS", "ATLAS_FINE", "CMS"]

# Muons, neutrinos, neutralinos as in the cards; 51 to 53 are Pythia's dark matter, which the cards do not know.
_INVISIBLE = dict.fromkeys((12, 13, 14, 16, 51, 52, 53, 1000022, 1000023, 1000025, 1000035, 1000045), 0.0)
_TRACK_ETA = (0.5, 1.5, 2.5)

# The same in all three cards, but for muons above 1 TeV.
_HADRON_EFFICIENCY = Efficiency((1.5, 2.5), (0.1, 1.0), ((0.70, 0.95), (0.60, 0.85)))
_ELECTRON_EFFICIENCY = Efficiency((1.5, 2.5), (0.1, 1.0, 100.0), ((0.73, 0.95, 0.99), (0.50, 0.83, 0.90)))
_MUON_EFFICIENCY = Efficiency((1.5, 2.5), (0.1, 1.0), ((0.75, 0.99), (0.70, 0.98)))
_HADRON_TRACKS = TrackResolution(_TRACK_ETA, (0.06, 0.10, 0.25), (1.3e-3, 1.7e-3, 3.1e-3))
_ELECTROMAGNETIC = MappingProxyType(_INVISIBLE | {11: 1.0, 22: 1.0, 111: 1.0, 310: 0.3, 3122: 0.3})
_HADRONIC = MappingProxyType(_INVISIBLE | {11: 0.0, 22: 0.0, 111: 0.0, 310: 0.7, 3122: 0.7})

# The same in CMS and in ATLAS with the fine grid.
_ELECTRON_TRACKS = TrackResolution(_TRACK_ETA, (0.03, 0.05, 0.15), (1.3e-3, 1.7e-3, 3.1e-3))
_MUON_TRACKS = TrackResolution(_TRACK_ETA, (0.01, 0.015, 0.025), (1.0e-4, 1.5e-4, 3.5e-4))


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split()))


def _steps(start: int, stop: int, width: float) -> tuple[float, ...]:
    return tuple(round(i * width, 6) for i in range(start, stop + 1))


_FINE_ECAL_GRID = tower_grid(
    {
        360: _steps(-169, 170, 0.0174),
        36: _numbers(
            "-4.7 -4.525 -4.35 -4.175 -4 -3.825 -3.65 -3.475 -3.3 -3.125 -2.958 "
            "3.125 3.3 3.475 3.65 3.825 4 4.175 4.35 4.525 4.7 5"
        ),
    },
    lowest=-5.0,
)

_ATLAS_GRID = tower_grid(
    {
        36: (-3.2, *_steps(-25, 26, 0.1), 3.3),
        18: _numbers(
            "-4.7 -4.5 -4.3 -4.1 -3.9 -3.7 -3.5 -3.3 -3 -2.8 -2.6 2.8 3 3.2 3.5 3.7 3.9 4.1 4.3 4.5 4.7 4.9"
        ),
    },
    lowest=-4.9,
)
_ATLAS_ECAL = Layer(
    _ELECTROMAGNETIC,
    other_fraction=0.0,
    energy_min=0.5,
    significance_min=1.0,
    # physics/0608012, JINST 3 (2008) S08003
    resolution=CalorimeterResolution((3.2, 4.9), (0.0017, 0.035), (0.101, 0.285), (0.0, 0.0)),
)
_ATLAS_HCAL = Layer(
    _HADRONIC,
    other_fraction=1.0,
    energy_min=1.0,
    significance_min=1.0,
    # hep-ex/0004009
    resolution=CalorimeterResolution(
        (1.7, 3.2, 4.9), (0.0302, 0.05, 0.0942), (0.5205, 0.706, 1.0), (1.59, 0.0, 0.0)
    ),
)

ATLAS = Detector(
    name="ATLAS",
    source="Delphes, cards/delphes_card_ATLAS.tcl, one calorimeter grid (release 3.3.2; commit 8713dee)",
    tracker=Tracker(
        radius=1.15,
        half_length=3.51,
        field=2.0,
        hadrons=TrackerSpecies(_HADRON_EFFICIENCY, _HADRON_TRACKS),
        electrons=TrackerSpecies(_ELECTRON_EFFICIENCY, _HADRON_TRACKS),
        muons=TrackerSpecies(
            _MUON_EFFICIENCY, TrackResolution(_TRACK_ETA, (0.02, 0.03, 0.06), (2.0e-4, 3.0e-4, 6.0e-4))
        ),
    ),
    calorimeters=(Calorimeter(_ATLAS_GRID, (_ATLAS_ECAL, _ATLAS_HCAL)),),
)

ATLAS_FINE = Detector(
    name="ATLAS_FINE",
    source="Delphes, cards/delphes_card_ATLAS.tcl, fine electromagnetic grid (since release 3.4; commit 15772b7)",
    tracker=replace(
        ATLAS.tracker,
        electrons=TrackerSpecies(_ELECTRON_EFFICIENCY, _ELECTRON_TRACKS),
        muons=TrackerSpecies(_MUON_EFFICIENCY, _MUON_TRACKS),
    ),
    calorimeters=(
        Calorimeter(_FINE_ECAL_GRID, (replace(_ATLAS_ECAL, significance_min=2.0),)),
        Calorimeter(_ATLAS_GRID, (replace(_ATLAS_HCAL, significance_min=2.0),)),
    ),
)

_CMS_HCAL_GRID = tower_grid(
    {
        72: _steps(-18, 19, 0.087),
        36: _numbers(
            "-4.35 -4.175 -4 -3.825 -3.65 -3.475 -3.3 -3.125 -2.95 -2.868 -2.65 -2.5 -2.322 -2.172 -2.043 "
            "-1.93 -1.83 -1.74 -1.653 1.74 1.83 1.93 2.043 2.172 2.322 2.5 2.65 2.868 2.95 3.125 3.3 3.475 "
            "3.65 3.825 4 4.175 4.35 4.525"
        ),
        18: (-4.7, -4.525, 4.7, 5.0),
    },
    lowest=-5.0,
)
_CMS_ECAL = Layer(
    _ELECTROMAGNETIC,
    other_fraction=0.0,
    energy_min=0.5,
    significance_min=2.0,
    # eta from arXiv:1306.2016, energy from arXiv:1502.02701; 2.16 + 5.6 (|eta| - 2)^2 in the endcap
    resolution=CalorimeterResolution(
        (1.5, 2.5, 5.0),
        (0.008, 0.008, 0.107),
        (0.11, 0.11, 2.08),
        (0.40, 0.40, 0.0),
        shape=((1.0, 0.0, 0.64), (24.56, -22.4, 5.6), (1.0, 0.0, 0.0)),
    ),
)
_CMS_HCAL = Layer(
    _HADRONIC,
    other_fraction=1.0,
    energy_min=1.0,
    significance_min=1.0,
    resolution=CalorimeterResolution((3.0, 5.0), (0.05, 0.13), (1.5, 2.7), (0.0, 0.0)),
)

CMS = Detector(
    name="CMS",
    source="Delphes, cards/delphes_card_CMS.tcl (releases 3.4.1 to 3.5.0)",
    tracker=Tracker(
        radius=1.29,
        half_length=3.0,
        field=3.8,
        hadrons=TrackerSpecies(_HADRON_EFFICIENCY, _HADRON_TRACKS),  # arXiv:1405.6569
        electrons=TrackerSpecies(_ELECTRON_EFFICIENCY, _ELECTRON_TRACKS),  # arXiv:1502.02701
        # exp(0.5 - 5e-4 pt) above 1 TeV
        muons=TrackerSpecies(replace(_MUON_EFFICIENCY, fading=(1000.0, 2000.0)), _MUON_TRACKS),
    ),
    calorimeters=(
        Calorimeter(_FINE_ECAL_GRID, (_CMS_ECAL,)),
        Calorimeter(_CMS_HCAL_GRID, (_CMS_HCAL,)),
    ),
)
