"""From collisions to selected level-1 events: repeated decays, detector, pile-up, objects, the lepton requirement."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.simulate.detector.calorimeter import EnergyFlow, by_event, energy_flow
from offshell.simulate.detector.phase2 import CMS_PHASE2
from offshell.simulate.detector.pileup import PileUp, overlay
from offshell.simulate.detector.suppression import without_pileup
from offshell.simulate.generator.heavy_flavor import GENERATED_ETA_MAX, GENERATED_PT_MIN, repeated_decays
from offshell.simulate.generator.particles import Particles, is_electron_or_muon
from offshell.simulate.generator.processes.of_events import EventProcess
from offshell.simulate.generator.records import Collisions
from offshell.simulate.generator.redecays import DecayLibrary
from offshell.simulate.level1.objects import Leptons, event_rows, identified_leptons, isolation
from offshell.simulate.ragged import of_events

__all__ = ["Libraries", "SelectedEvents", "selected_events"]

TRIGGER_PT_MIN = 23.0
TRIGGER_ISOLATION_MAX = 0.45
"""The selection of ADC2021 (arXiv:2107.02157): one electron or muon, which a trigger asks to be isolated."""


@dataclass(frozen=True)
class SelectedEvents:
    """Events that pass, the collision that each is from, and what each counts for."""

    rows: Float[np.ndarray, "n 19 4"]
    collision: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Libraries:
    """What is simulated once and used for many events."""

    decays: DecayLibrary | None
    """None if the process needs none."""
    pileup: PileUp | None
    mean_pileup: float


def selected_events(
    batch: Collisions, process: EventProcess, libraries: Libraries, rng: np.random.Generator
) -> SelectedEvents:
    """Measure a batch of collisions and keep the events with an isolated lepton."""
    if libraries.decays is None:
        particles, collision, weight = batch.final, np.arange(len(batch.weight)), batch.weight
    else:  # so many tries that only the sign is left
        weight = np.sign(batch.weight)
        particles, collision = repeated_decays(batch, process, libraries.decays, rng)
    promising = _with_hard_lepton(particles, len(collision))
    particles, collision = of_events(particles, promising), collision[promising]
    flow = by_event(energy_flow(particles, CMS_PHASE2, rng))
    leptons = identified_leptons(flow, rng)
    promising = _triggered(leptons, isolation(leptons, _tracks(flow)), len(collision))
    flow, leptons = of_events(flow, promising), of_events(leptons, promising)
    collision = collision[promising]

    events = overlay(flow, len(collision), libraries.pileup, libraries.mean_pileup, rng)
    kept = without_pileup(events)
    accepted = _triggered(leptons, isolation(leptons, kept), len(collision))
    more = identified_leptons(events.flow.where(events.is_pileup), rng)
    rows = event_rows(kept, _together(leptons, more), len(collision))
    return SelectedEvents(rows[accepted], collision[accepted], weight[collision[accepted]])


def _with_hard_lepton(particles: Particles, n_events: int) -> Bool[np.ndarray, " events"]:
    hard = is_electron_or_muon(particles.pdg_id) & (particles.pt > GENERATED_PT_MIN)
    hard &= np.abs(particles.momentum[:, 3]) < particles.pt * np.sinh(GENERATED_ETA_MAX)
    return np.bincount(particles.event, hard, n_events) > 0


def _tracks(flow: EnergyFlow) -> EnergyFlow:
    return flow.where(flow.pdg_id != 0)


def _triggered(
    leptons: Leptons, isolation: Float[np.ndarray, " n"], n_events: int
) -> Bool[np.ndarray, " events"]:
    passes = (leptons.pt > TRIGGER_PT_MIN) & (isolation < TRIGGER_ISOLATION_MAX)
    return np.bincount(leptons.event, passes, n_events) > 0


def _together(first: Leptons, second: Leptons) -> Leptons:
    """No longer sorted by event."""
    fields = ("event", "is_muon", "pt", "eta", "phi")
    return Leptons(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in fields))
