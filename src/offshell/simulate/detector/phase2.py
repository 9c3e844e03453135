"""A CMS-like detector for level-1 trigger events, with the numbers of Delphes' CMS Phase-II card.

`cards/CMS_PhaseII/CMS_PhaseII_200PU_v03.tcl` of Delphes (github.com/delphes/delphes, commit 0882413). The sources that
the card gives are repeated below. The card has a momentum resolution for each 0.2 in pseudorapidity, and an efficiency
that rises with pt below 1 GeV; here both are steps through the middle of these.
"""

from offshell.simulate.detector.cards import CMS
from offshell.simulate.detector.response import (
    Calorimeter,
    CalorimeterResolution,
    Detector,
    Efficiency,
    Layer,
    PixelLayer,
    Tracker,
    TrackerSpecies,
    TrackResolution,
    tower_grid,
)

__all__ = ["CMS_PHASE2", "ELECTRON_ID", "MUON_ID"]

_PT_MIN = (0.2, 0.4, 0.6, 0.8, 1.0)
_TRACKS = TrackResolution(
    (0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2, 3.6, 4.0),
    (0.0050, 0.0055, 0.0088, 0.0148, 0.0165, 0.0190, 0.0250, 0.0270, 0.0370, 0.0600),
    (7.7e-5, 7.5e-5, 9.2e-5, 9.0e-5, 9.0e-5, 1.1e-4, 1.1e-4, 8e-5, 1.2e-4, 2e-4),
)
_MUON_TRACKS = TrackResolution(
    (0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 4.0),
    (0.0058, 0.0062, 0.0088, 0.0100, 0.0135, 0.0270, 0.0480, 0.0700),
    (6e-5, 6e-5, 5e-5, 5e-5, 1.3e-4, 2.5e-4, 6e-4, 3e-3),
)

# The same in both CMS cards.
_ELECTROMAGNETIC, _HADRONIC = (calorimeter.layers[0].fractions for calorimeter in CMS.calorimeters)


def _steps(start: float, width: float, n_steps: int) -> tuple[float, ...]:
    return tuple(round(start + i * width, 6) for i in range(n_steps))


# fmt: off
_FORWARD = (
    -4.7, -4.525, -4.35, -4.175, -4.0, -3.825, -3.65, -3.475, -3.3, -3.125, -2.958,
    3.125, 3.3, 3.475, 3.65, 3.825, 4.0, 4.175, 4.35, 4.525, 4.7, 5.0,
)
# fmt: on

CMS_PHASE2 = Detector(
    name="CMS Phase II",
    source="Delphes, cards/CMS_PhaseII/CMS_PhaseII_200PU_v03.tcl (commit 0882413)",
    tracker=Tracker(
        radius=1.29,
        half_length=3.0,
        field=3.8,
        hadrons=TrackerSpecies(
            Efficiency(
                (1.2, 2.5, 4.0),
                _PT_MIN,
                (
                    (0.29, 0.48, 0.67, 0.86, 0.97),
                    (0.255, 0.425, 0.595, 0.765, 0.87),
                    (0.24, 0.40, 0.56, 0.72, 0.82),
                ),
            ),
            _TRACKS,
        ),
        electrons=TrackerSpecies(
            Efficiency(
                (1.2, 2.5, 4.0),
                (*_PT_MIN, 10.0),
                (
                    (0.29, 0.48, 0.67, 0.86, 0.97, 0.97),
                    (0.255, 0.425, 0.595, 0.765, 0.86, 0.90),
                    (0.24, 0.40, 0.56, 0.72, 0.84, 0.85),
                ),
            ),
            # arXiv:1306.2016, arXiv:1502.02701
            TrackResolution((1.5, 1.75, 2.15, 3.0, 4.0), (0.028, 0.037, 0.038, 0.044, 0.10), (0.0,) * 5),
        ),
        muons=TrackerSpecies(
            Efficiency(
                (2.8, 4.0), _PT_MIN, ((0.30, 0.50, 0.70, 0.90, 1.00), (0.285, 0.475, 0.665, 0.855, 0.95))
            ),
            _MUON_TRACKS,
        ),
        # The card's cells end at the last multiple of their width below 4.
        pixels=PixelLayer(radius=0.3, half_length=0.7, field=3.8, cell=0.003, eta_max=3.999),
    ),
    calorimeters=(
        Calorimeter(
            tower_grid(
                {
                    360: (
                        *_steps(-2.9406, 0.0174, 84),
                        *_steps(-1.479, 0.0174, 172),
                        *_steps(1.5138, 0.0174, 84),
                    ),
                    36: _FORWARD,
                },
                lowest=-5.0,
            ),
            (
                Layer(
                    _ELECTROMAGNETIC,
                    other_fraction=0.0,
                    energy_min=0.5,
                    significance_min=1.0,
                    # arXiv:1306.2016, arXiv:1502.02701; endcaps: CMS high-granularity calorimeter, LHCC-P-008
                    resolution=CalorimeterResolution(
                        (1.5, 1.75, 2.15, 3.0, 5.0),
                        (0.009, 0.006, 0.007, 0.008, 0.08),
                        (0.12, 0.20, 0.21, 0.24, 1.98),
                        (0.45, 0.0, 0.0, 0.0, 0.0),
                    ),
                    neutral_smearing=0.01,
                ),
            ),
        ),
        Calorimeter(
            tower_grid(
                {
                    90: (*_steps(-2.8884, 0.0696, 21), *_steps(1.6356, 0.0696, 20)),
                    72: (*_steps(-1.479, 0.087, 36), 1.65),
                    36: _FORWARD,
                },
                lowest=-5.0,
            ),
            (
                Layer(
                    _HADRONIC,
                    other_fraction=1.0,
                    energy_min=1.0,
                    significance_min=1.0,
                    resolution=CalorimeterResolution((3.0, 5.0), (0.05, 0.11), (1.0, 2.8), (0.0, 0.0)),
                ),
            ),
        ),
    ),
)

ELECTRON_ID = Efficiency(
    (1.45, 1.55, 2.0, 2.5, 3.0),
    (4.0, 6.0, 8.0, 10.0, 30.0, 50.0, 70.0),
    (
        (0.50, 0.70, 0.85, 0.94, 0.97, 0.98, 1.00),
        (0.35, 0.35, 0.35, 0.40, 0.45, 0.45, 0.55),
        (0.75, 0.75, 0.75, 0.85, 0.95, 0.95, 1.00),
        (0.65, 0.65, 0.65, 0.75, 0.90, 0.90, 0.90),
        (0.65, 0.65, 0.65, 0.75, 0.90, 0.90, 0.90),
    ),
)
"""Probability that an electron's track is identified; none below 4 GeV or beyond ``|eta|`` of 3.

The card has two tables. This is that of `ElectronEfficiencyCHS`; with the other one, the reference sample has too many
electrons (0.80 instead of 1.23 in A -> four leptons) and no dip at ``|eta|`` of 1.5."""

MUON_ID = Efficiency((2.8,), (3.0, 5.0, 10.0), ((1.0, 0.978, 0.991),))
"""The same for muons, the mean of the card's steps in ``|eta|``, which differ by less than two per cent up to 2.4."""
