"""Particles on their way through the tracker: helix to the calorimeters, tracks with efficiency and resolution."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from offshell.inputs.momenta import wrap_angle
from offshell.simulate.detector.response import Efficiency, Tracker, TrackResolution
from offshell.simulate.detector.steps import in_steps
from offshell.simulate.generator.particles import ELECTRON, MUON, Particles

__all__ = ["Impacts", "Tracks", "efficiency", "find_tracks", "log_normal", "propagate", "track_resolution"]

# Radius of curvature in metres = pt / (GEV_PER_TESLA_METRE * charge * field), from the speed of light.
GEV_PER_TESLA_METRE = 0.299792458
MM = 1e-3


@dataclass(frozen=True)
class Impacts:
    """Particles that reach the calorimeters' front face, and where."""

    particles: Particles
    """Momenta at the closest approach to the beam, as a track fit reports them."""
    eta: Float[np.ndarray, " n"]
    phi: Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Tracks:
    """Measured tracks."""

    impact: Int[np.ndarray, " n"]
    """Which row of the impacts made the track."""
    momentum: Float[np.ndarray, "n 4"]
    resolution: Float[np.ndarray, " n"]
    """Relative."""


def propagate(particles: Particles, tracker: Tracker) -> Impacts:
    """Follow each particle on its helix (or straight line) to the surface of the tracker's cylinder.

    Particles made outside the cylinder are lost, as in Delphes' ParticlePropagator (arXiv:1307.6346). One that
    curls up inside leaves through the end.
    """
    x, y, z = MM * particles.vertex.T
    pt = particles.pt
    inside = (np.hypot(x, y) < tracker.radius) & (np.abs(z) < tracker.half_length) & (pt > 0)
    particles = particles.where(inside)
    charged = particles.charge != 0
    position, phi = np.empty((len(particles), 3)), np.empty(len(particles))
    for group, follow in ((charged, _helix), (~charged, _straight_line)):
        position[group], phi[group] = follow(particles.where(group), tracker)
    momentum = _turned_to(particles.momentum, phi)
    eta = np.arcsinh(position[:, 2] / np.hypot(position[:, 0], position[:, 1]))
    return Impacts(replace(particles, momentum=momentum), eta, np.arctan2(position[:, 1], position[:, 0]))


def _turned_to(momentum: Float[np.ndarray, "n 4"], phi: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 4"]:
    energy, px, py, pz = momentum.T
    pt = np.hypot(px, py)
    return np.stack([energy, pt * np.cos(phi), pt * np.sin(phi), pz], axis=1)


def _path_to_end(
    z: Float[np.ndarray, " n"], slope: Float[np.ndarray, " n"], tracker: Tracker
) -> Float[np.ndarray, " n"]:
    """Transverse path in metres until the end of the cylinder; ``slope`` is pz / pt."""
    steep = np.where(slope == 0, 1e-12, slope)
    path: Float[np.ndarray, " n"] = (np.copysign(tracker.half_length, steep) - z) / steep
    return path


def _straight_line(
    particles: Particles, tracker: Tracker
) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    x, y, z = MM * particles.vertex.T
    _, px, py, pz = particles.momentum.T
    pt, phi = np.hypot(px, py), np.arctan2(py, px)
    along, across = x * np.cos(phi) + y * np.sin(phi), x * np.sin(phi) - y * np.cos(phi)
    path = np.minimum(np.sqrt(tracker.radius**2 - across**2) - along, _path_to_end(z, pz / pt, tracker))
    return np.stack([x + path * np.cos(phi), y + path * np.sin(phi), z + path * pz / pt], axis=1), phi


def _helix(
    particles: Particles, tracker: Tracker
) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    """Where the helix leaves the cylinder, and the direction at its closest approach to the beam.

    The direction turns from ``phi`` to ``phi - path / radius`` along the transverse path; the radius carries the
    sign of the charge.
    """
    x, y, z = MM * particles.vertex.T
    _, px, py, pz = particles.momentum.T
    pt, phi = np.hypot(px, py), np.arctan2(py, px)
    radius = pt / (GEV_PER_TESLA_METRE * particles.charge * tracker.field)
    x_center, y_center = x + radius * np.sin(phi), y - radius * np.cos(phi)
    distance = np.hypot(x_center, y_center)

    sign = np.sign(radius)
    phi_closest = np.arctan2(sign * x_center, -sign * y_center)
    path_to_closest = radius * wrap_angle(phi - phi_closest)
    cosine = (radius**2 + distance**2 - tracker.radius**2) / (2 * np.abs(radius) * distance)
    path_to_side = path_to_closest + np.abs(radius) * np.arccos(np.clip(cosine, -1, 1))
    curls = distance + np.abs(radius) < tracker.radius
    path_to_end = _path_to_end(z, pz / pt, tracker)
    path = np.where(curls, path_to_end, np.minimum(path_to_side, path_to_end))

    phi_end = phi - path / radius
    x_end, y_end = x_center - radius * np.sin(phi_end), y_center + radius * np.cos(phi_end)
    return np.stack([x_end, y_end, z + path * pz / pt], axis=1), phi_closest


def efficiency(
    table: Efficiency, eta: Float[np.ndarray, " n"], pt: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Probability to find a particle, from a table of steps."""
    values = np.zeros((len(table.eta_max) + 1, len(table.pt_min) + 1))
    values[:-1, 1:] = table.values
    eta_step, pt_step = np.searchsorted(table.eta_max, np.abs(eta)), np.searchsorted(table.pt_min, pt)
    probability: Float[np.ndarray, " n"] = values[eta_step, pt_step]
    return probability


def track_resolution(
    table: TrackResolution, eta: Float[np.ndarray, " n"], pt: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Relative resolution of the transverse momentum, at most one."""
    constant = in_steps(table.eta_max, table.constant, eta)
    slope = in_steps(table.eta_max, table.slope, eta)
    resolution: Float[np.ndarray, " n"] = np.minimum(np.hypot(constant, slope * pt), 1.0)
    return resolution


def log_normal(
    mean: Float[np.ndarray, " n"], sigma: Float[np.ndarray, " n"], rng: np.random.Generator
) -> Float[np.ndarray, " n"]:
    """Random numbers with this mean and standard deviation that are never negative; zero where the mean is."""
    safe = np.maximum(mean, 1e-30)
    width = np.sqrt(np.log1p((sigma / safe) ** 2))
    return np.where(mean > 0, safe * np.exp(width * rng.standard_normal(len(mean)) - 0.5 * width**2), 0.0)


def find_tracks(impacts: Impacts, tracker: Tracker, rng: np.random.Generator) -> Tracks:
    """Lose some charged particles and smear the momentum of the others at fixed direction and mass."""
    code = np.abs(impacts.particles.pdg_id)
    pt = impacts.particles.pt
    probability, resolution = np.zeros(len(pt)), np.zeros(len(pt))
    hadron = (impacts.particles.charge != 0) & (code != ELECTRON) & (code != MUON)
    groups = ((hadron, tracker.hadrons), (code == ELECTRON, tracker.electrons), (code == MUON, tracker.muons))
    for group, species in groups:
        probability[group] = efficiency(species.efficiency, impacts.eta[group], pt[group])
        resolution[group] = track_resolution(species.resolution, impacts.eta[group], pt[group])
    seen = np.flatnonzero(rng.random(len(pt)) < probability)
    scale = log_normal(pt[seen], resolution[seen] * pt[seen], rng) / pt[seen]
    return Tracks(seen, _scaled_at_fixed_mass(impacts.particles.momentum[seen], scale), resolution[seen])


def _scaled_at_fixed_mass(
    momentum: Float[np.ndarray, "n 4"], scale: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n 4"]:
    p2 = np.sum(momentum[:, 1:] ** 2, axis=1)
    energy = np.sqrt(np.maximum(momentum[:, 0] ** 2 - p2, 0.0) + scale**2 * p2)
    return np.concatenate([energy[:, None], momentum[:, 1:] * scale[:, None]], axis=1)
