"""What describes a parametric detector: a tracker in a magnetic field and calorimeters around it.

The vocabulary is that of Delphes (J. de Favereau et al., arXiv:1307.6346). All of it is data; what it does to
particles is in `tracking` and `calorimeter`, and the numbers of real detectors are in `cards`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "Calorimeter",
    "CalorimeterResolution",
    "Cylinder",
    "Detector",
    "Efficiency",
    "Layer",
    "PixelLayer",
    "TowerGrid",
    "TrackResolution",
    "Tracker",
    "TrackerSpecies",
    "tower_grid",
]


@dataclass(frozen=True)
class Efficiency:
    """Steps in pseudorapidity and transverse momentum; zero outside."""

    eta_max: tuple[float, ...]
    """Upper edge of each step in ``|eta|``."""
    pt_min: tuple[float, ...]
    """Lower edge of each step in pt, GeV."""
    values: tuple[tuple[float, ...], ...]
    """One row for each step in ``|eta|``, one column for each step in pt."""
    fading: tuple[float, float] | None = None
    """GeV: above the first pt it falls as ``exp(-(pt - first) / second)``; None if it does not."""


@dataclass(frozen=True)
class TrackResolution:
    """Relative resolution ``sqrt(constant^2 + (slope * pt)^2)``, in steps of ``|eta|``."""

    eta_max: tuple[float, ...]
    constant: tuple[float, ...]
    slope: tuple[float, ...]
    """Per GeV."""


@dataclass(frozen=True)
class TrackerSpecies:
    """How the tracker sees one kind of particle."""

    efficiency: Efficiency
    resolution: TrackResolution


@dataclass(frozen=True)
class Cylinder:
    """A volume filled with a magnetic field along its axis."""

    radius: float
    """Metres."""
    half_length: float
    """Metres."""
    field: float
    """Tesla."""


@dataclass(frozen=True)
class PixelLayer(Cylinder):
    """A surface on which two tracks in the same cell are one: the harder."""

    cell: float
    """Width in pseudorapidity and azimuth, with which the direction of a track is smeared too."""
    eta_max: float


@dataclass(frozen=True)
class Tracker(Cylinder):
    """Its surface is the calorimeters' front face."""

    hadrons: TrackerSpecies
    electrons: TrackerSpecies
    muons: TrackerSpecies
    pixels: PixelLayer | None = None
    """None where tracks are told apart however close they are."""


@dataclass(frozen=True)
class CalorimeterResolution:
    """``shape(|eta|) * sqrt((constant E)^2 + stochastic^2 E + noise^2)`` in GeV, in steps of ``|eta|``."""

    eta_max: tuple[float, ...]
    constant: tuple[float, ...]
    stochastic: tuple[float, ...]
    noise: tuple[float, ...]
    shape: tuple[tuple[float, float, float], ...] | None = None
    """Coefficients of 1, ``|eta|`` and ``|eta|^2`` for each step; None stands for one everywhere."""


@dataclass(frozen=True)
class Layer:
    """The electromagnetic or the hadronic part of a calorimeter."""

    fractions: Mapping[int, float]
    """Part of its energy that a particle leaves here, by PDG code without sign."""
    other_fraction: float
    """The same for all codes that ``fractions`` does not name."""
    energy_min: float
    """GeV; less is not seen."""
    significance_min: float
    """In units of the resolution; less is not seen."""
    resolution: CalorimeterResolution
    neutral_smearing: float = 0.0
    """Relative resolution that the neutral objects have on top."""


@dataclass(frozen=True)
class TowerGrid:
    """Cells in pseudorapidity and azimuth."""

    eta_edges: tuple[float, ...]
    n_phi: tuple[int, ...]
    """Number of equal cells in azimuth for each bin in eta."""


def tower_grid(upper_edges_by_n_phi: Mapping[int, tuple[float, ...]], *, lowest: float) -> TowerGrid:
    """A grid as Delphes' cards write it: for each number of cells in azimuth, the upper edges of its bins in eta."""
    bins = sorted((edge, n_phi) for n_phi, edges in upper_edges_by_n_phi.items() for edge in edges)
    return TowerGrid((lowest, *(edge for edge, _ in bins)), tuple(n_phi for _, n_phi in bins))


@dataclass(frozen=True)
class Calorimeter:
    """Layers that are read out in the same towers."""

    grid: TowerGrid
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Detector:
    """A tracker and the calorimeters behind it."""

    name: str
    tracker: Tracker
    calorimeters: tuple[Calorimeter, ...]
    source: str
