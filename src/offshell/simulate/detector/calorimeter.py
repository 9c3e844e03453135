"""Calorimeter towers and energy flow: tracks, and what the towers hold beyond them.

The algorithm is that of Delphes (arXiv:1307.6346), in the form that its module `Calorimeter` has today:
neutral energy must stand out of the resolutions of tower and tracks together; if it does not, tracks and tower are
averaged with their resolutions as weights.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.simulate.detector.response import CalorimeterResolution, Detector, Layer, TowerGrid
from offshell.simulate.detector.steps import in_steps
from offshell.simulate.detector.tracking import Impacts, Tracks, find_tracks, log_normal, propagate
from offshell.simulate.generator.particles import Particles, by_code

__all__ = ["EnergyFlow", "by_event", "calorimeter_resolution", "energy_flow", "joined", "tower_cells"]


@dataclass(frozen=True)
class EnergyFlow:
    """What a detector reports: photons, neutral hadrons and tracks, in no order."""

    event: Int[np.ndarray, " n"]
    momentum: Float[np.ndarray, "n 4"]
    """``E, px, py, pz`` in GeV."""
    pdg_id: Int[np.ndarray, " n"]
    """Code of the particle that made a track; zero for neutral objects."""

    def where(self, rows: Bool[np.ndarray, " n"] | Int[np.ndarray, " m"]) -> "EnergyFlow":
        """Some of the objects."""
        return EnergyFlow(self.event[rows], self.momentum[rows], self.pdg_id[rows])

    def moved_to(self, event: Int[np.ndarray, " n"]) -> "EnergyFlow":
        """The same objects in other events."""
        return EnergyFlow(event, self.momentum, self.pdg_id)


@dataclass(frozen=True)
class _Towers:
    """Those towers that were hit, and who hit them."""

    event: Int[np.ndarray, " n"]
    eta: Float[np.ndarray, " n"]
    """Centers, where the resolution is taken."""
    direction: Float[np.ndarray, "n 4"]
    """``E, px, py, pz`` of 1 GeV of neutral energy."""
    of_impact: Int[np.ndarray, " m"]
    """The tower of each impact."""
    is_hit: Float[np.ndarray, " m"]
    """Zero for impacts outside the grid."""


def energy_flow(particles: Particles, detector: Detector, rng: np.random.Generator) -> EnergyFlow:
    """Let the particles of many events go through a detector; combine tracks and towers."""
    impacts = propagate(particles, detector.tracker)
    tracks = find_tracks(impacts, detector.tracker, rng)
    track_momentum = tracks.momentum
    events, momenta = [impacts.particles.event[tracks.impact]], []
    for calorimeter in detector.calorimeters:
        towers = _hit_towers(calorimeter.grid, impacts, rng)
        for layer in calorimeter.layers:
            neutral, scale = _read_out(layer, towers, impacts, tracks, rng)
            seen = neutral > 0
            events.append(towers.event[seen])
            momenta.append(towers.direction[seen] * neutral[seen, None])
            track_momentum = track_momentum * scale[:, None]
    event = np.concatenate(events)
    pdg_id = np.zeros(len(event), dtype=np.int64)
    pdg_id[: len(tracks.impact)] = impacts.particles.pdg_id[tracks.impact]
    return EnergyFlow(event, np.concatenate([track_momentum, *momenta]), pdg_id)


def joined(flows: Iterable[EnergyFlow]) -> EnergyFlow:
    """All objects of several."""
    several = list(flows)
    columns = zip(*((flow.event, flow.momentum, flow.pdg_id) for flow in several), strict=True)
    return EnergyFlow(*(np.concatenate(column) for column in columns))


def by_event(flow: EnergyFlow) -> EnergyFlow:
    """The same objects, sorted by event."""
    return flow.where(np.argsort(flow.event, kind="stable"))


def tower_cells(
    grid: TowerGrid, eta: Float[np.ndarray, " n"], phi: Float[np.ndarray, " n"]
) -> Int[np.ndarray, " n"]:
    """Number of the cell at each place; the total number of cells for places outside the grid."""
    n_phi = np.array([*grid.n_phi, 1])
    ring = np.searchsorted(grid.eta_edges, eta) - 1
    ring = np.where((ring < 0) | (ring >= len(grid.n_phi)), len(grid.n_phi), ring)
    column = np.minimum((phi + np.pi) / (2 * np.pi) * n_phi[ring], n_phi[ring] - 1).astype(np.int64)
    cell: Int[np.ndarray, " n"] = _first_cells(grid)[ring] + column
    return cell


def _first_cells(grid: TowerGrid) -> Int[np.ndarray, " rings_and_one"]:
    return np.concatenate([[0], np.cumsum(grid.n_phi)])


def _hit_towers(grid: TowerGrid, impacts: Impacts, rng: np.random.Generator) -> _Towers:
    first = _first_cells(grid)
    n_cells = first[-1]
    cell = tower_cells(grid, impacts.eta, impacts.phi)
    keys, of_impact = np.unique(impacts.particles.event * (n_cells + 1) + cell, return_inverse=True)
    event, tower_cell = np.divmod(keys, n_cells + 1)
    ring = np.searchsorted(first, tower_cell, side="right") - 1
    low, high = np.array([*grid.eta_edges[:-1], 0.0])[ring], np.array([*grid.eta_edges[1:], 0.0])[ring]
    eta = rng.uniform(low, high)
    column = tower_cell - first[ring] + rng.random(len(keys))
    phi = 2 * np.pi * column / np.array([*grid.n_phi, 1])[ring] - np.pi
    return _Towers(event, (low + high) / 2, _direction(eta, phi), of_impact, (cell < n_cells).astype(float))


def _direction(eta: Float[np.ndarray, " n"], phi: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 4"]:
    transverse = 1 / np.cosh(eta)
    return np.stack(
        [np.ones_like(eta), transverse * np.cos(phi), transverse * np.sin(phi), np.tanh(eta)], axis=1
    )


def _read_out(
    layer: Layer, towers: _Towers, impacts: Impacts, tracks: Tracks, rng: np.random.Generator
) -> tuple[Float[np.ndarray, " towers"], Float[np.ndarray, " tracks"]]:
    """Neutral energy of each tower in one layer, and the factor by which each track is rescaled."""
    fraction = by_code(layer.fractions, impacts.particles.pdg_id, otherwise=layer.other_fraction)
    energy, resolution = _measure(layer, towers, fraction * impacts.particles.momentum[:, 0], rng)
    stops_here = fraction[tracks.impact] == 1
    tower = towers.of_impact[tracks.impact]
    track_energy = np.where(stops_here, tracks.momentum[:, 0], 0.0)
    track_sum = np.bincount(tower, track_energy, len(energy))
    track_variance = np.bincount(tower, (track_energy * tracks.resolution) ** 2, len(energy))

    excess = np.maximum(energy - track_sum, 0.0)
    threshold = layer.significance_min * np.sqrt(track_variance + resolution**2)
    is_neutral = (excess > layer.energy_min) & (excess > threshold)
    average = _weighted_mean(track_sum, track_variance, energy, resolution**2)
    neutral = np.where(is_neutral, excess * _smearing(layer, len(excess), rng), 0.0)
    factor = np.where(is_neutral | (track_sum == 0), 1.0, average / np.where(track_sum == 0, 1.0, track_sum))
    return neutral, np.where(stops_here, factor[tower], 1.0)


def _smearing(layer: Layer, n_towers: int, rng: np.random.Generator) -> Float[np.ndarray, " towers"] | float:
    """By what the energy of neutral objects is multiplied at the end."""
    return rng.normal(1.0, layer.neutral_smearing, n_towers) if layer.neutral_smearing else 1.0


def _measure(
    layer: Layer, towers: _Towers, deposits: Float[np.ndarray, " n"], rng: np.random.Generator
) -> tuple[Float[np.ndarray, " towers"], Float[np.ndarray, " towers"]]:
    """Smeared energy of each tower, zero below the thresholds, and its resolution, in GeV."""
    true = np.bincount(towers.of_impact, deposits * towers.is_hit, len(towers.event))
    energy = log_normal(true, calorimeter_resolution(layer.resolution, towers.eta, true), rng)
    resolution = calorimeter_resolution(layer.resolution, towers.eta, energy)
    is_seen = (energy >= layer.energy_min) & (energy >= layer.significance_min * resolution)
    return np.where(is_seen, energy, 0.0), resolution


def calorimeter_resolution(
    table: CalorimeterResolution, eta: Float[np.ndarray, " n"], energy: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Resolution in GeV at each pseudorapidity and energy; zero beyond the table."""
    constant, stochastic, noise = (
        in_steps(table.eta_max, values, eta) for values in (table.constant, table.stochastic, table.noise)
    )
    resolution: Float[np.ndarray, " n"] = np.sqrt(
        (constant * energy) ** 2 + stochastic**2 * energy + noise**2
    )
    if table.shape is not None:
        one, linear, square = (
            in_steps(table.eta_max, values, eta) for values in zip(*table.shape, strict=True)
        )
        resolution = resolution * (one + linear * np.abs(eta) + square * eta**2)
    return resolution


def _weighted_mean(
    first: Float[np.ndarray, " n"],
    first_variance: Float[np.ndarray, " n"],
    second: Float[np.ndarray, " n"],
    second_variance: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """Mean with inverse variances as weights; the first value where neither has a variance."""
    total = first_variance + second_variance
    weight = np.where(total > 0, first_variance / np.where(total > 0, total, 1.0), 0.0)
    mean: Float[np.ndarray, " n"] = first + weight * (second - first)
    return mean
