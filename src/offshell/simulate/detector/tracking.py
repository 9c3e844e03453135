"""Particles on their way through the tracker: helix to the calorimeters, tracks with efficiency and resolution."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.dense_tracks import survives
from offshell.simulate.detector.flight import exits, starts_inside
from offshell.simulate.detector.response import Efficiency, Tracker, TrackResolution
from offshell.simulate.detector.steps import in_steps
from offshell.simulate.generator.particles import ELECTRON, MUON, Particles

__all__ = ["Impacts", "Tracks", "efficiency", "find_tracks", "log_normal", "propagate", "track_resolution"]


@dataclass(frozen=True)
class Impacts:
    """Particles that reach the calorimeters' front face, and where."""

    particles: Particles
    """Momenta at the closest approach to the beam, as a track fit reports them."""
    eta: Float[np.ndarray, " n"]
    phi: Float[np.ndarray, " n"]
    told_apart: Bool[np.ndarray, " n"]
    """Of charged particles, those that no harder one hides from the tracker."""


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

    Particles made outside the cylinder are lost, as in Delphes' ParticlePropagator (arXiv:1307.6346).
    """
    particles = particles.where(starts_inside(particles, tracker))
    position, phi = exits(particles, tracker)
    told_apart = (
        np.ones(len(particles), dtype=bool) if tracker.pixels is None else survives(particles, tracker.pixels)
    )
    momentum = _turned_to(particles.momentum, phi)
    _, eta, place = pt_eta_phi(position)
    return Impacts(replace(particles, momentum=momentum), eta, place, told_apart)


def _turned_to(momentum: Float[np.ndarray, "n 4"], phi: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 4"]:
    energy, px, py, pz = momentum.T
    pt = np.hypot(px, py)
    return np.stack([energy, pt * np.cos(phi), pt * np.sin(phi), pz], axis=1)


def efficiency(
    table: Efficiency, eta: Float[np.ndarray, " n"], pt: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Probability to find a particle, from a table of steps."""
    values = np.zeros((len(table.eta_max) + 1, len(table.pt_min) + 1))
    values[:-1, 1:] = table.values
    eta_step, pt_step = np.searchsorted(table.eta_max, np.abs(eta)), np.searchsorted(table.pt_min, pt)
    probability: Float[np.ndarray, " n"] = values[eta_step, pt_step]
    if table.fading is not None:
        first, scale = table.fading
        probability = probability * np.exp(-np.maximum(pt - first, 0.0) / scale)
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
    seen = np.flatnonzero(impacts.told_apart & (rng.random(len(pt)) < probability))
    scale = log_normal(pt[seen], resolution[seen] * pt[seen], rng) / pt[seen]
    momentum = _scaled_at_fixed_mass(impacts.particles.momentum[seen], scale)
    if tracker.pixels is not None:
        momentum = _smeared_direction(momentum, tracker.pixels.cell, rng)
    return Tracks(seen, momentum, resolution[seen])


def _scaled_at_fixed_mass(
    momentum: Float[np.ndarray, "n 4"], scale: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n 4"]:
    p2 = np.sum(momentum[:, 1:] ** 2, axis=1)
    energy = np.sqrt(np.maximum(momentum[:, 0] ** 2 - p2, 0.0) + scale**2 * p2)
    return np.concatenate([energy[:, None], momentum[:, 1:] * scale[:, None]], axis=1)


def _smeared_direction(
    momentum: Float[np.ndarray, "n 4"], width: float, rng: np.random.Generator
) -> Float[np.ndarray, "n 4"]:
    """At fixed transverse momentum and mass."""
    pt, eta, phi = pt_eta_phi(momentum)
    eta, phi = rng.normal(eta, width), rng.normal(phi, width)
    px, py, pz = pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)
    energy = np.sqrt(np.maximum(momentum[:, 0] ** 2 - momentum[:, 3] ** 2, 0.0) + pz**2)
    return np.stack([energy, px, py, pz], axis=1)
