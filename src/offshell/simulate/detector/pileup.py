"""Pile-up: ordinary collisions, measured once and laid over many events.

What the detector makes of a minimum-bias collision hardly depends on what else happens in the event, so a library of
such collisions goes through the detector once. An event gets a Poisson number of them, each turned by a random angle
about the beam and half of them seen from the other end.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.simulate.detector.calorimeter import EnergyFlow, by_event, energy_flow, joined
from offshell.simulate.detector.kept_pileup import kept
from offshell.simulate.detector.phase2 import CMS_PHASE2
from offshell.simulate.detector.response import Detector
from offshell.simulate.generator.pythia import EVENTS_PER_BATCH, PILEUP_ENERGY, minimum_bias
from offshell.simulate.ragged import first_rows, ranges
from offshell.simulate.seeds import part_seed

__all__ = ["COLLISIONS_IN_LIBRARY", "Overlaid", "PileUp", "Placed", "overlay", "pileup_library", "placed"]

COLLISIONS_IN_LIBRARY = 2500


@dataclass(frozen=True)
class PileUp:
    """Measured minimum-bias collisions; the objects of one follow each other."""

    flow: EnergyFlow
    start: Int[np.ndarray, " collisions_and_one"]
    probability: Float[np.ndarray, " collisions"] | None = None
    """How often each is chosen; None for all alike."""


@dataclass(frozen=True)
class Overlaid:
    """Events with their pile-up, sorted by event."""

    flow: EnergyFlow
    is_pileup: Bool[np.ndarray, " n"]
    n_vertices: Int[np.ndarray, " events"]
    """The hard collision and those laid over it."""


@dataclass(frozen=True)
class Placed:
    """Collisions of a library laid over events."""

    flow: EnergyFlow
    collision: Int[np.ndarray, " n"]
    """Which of those that were placed an object is from."""
    chosen: Int[np.ndarray, " collisions"]
    """Which of the library each of them is."""


@lru_cache(maxsize=1)
def pileup_library(
    number: int,
    n_collisions: int = COLLISIONS_IN_LIBRARY,
    detector: Detector = CMS_PHASE2,
    energy: float = PILEUP_ENERGY,
) -> PileUp:
    """Minimum-bias collisions in a detector, simulated once on a machine, which takes ten seconds.

    Args:
        number: Which of the libraries, whatever the seed of a sample, from 0.
        n_collisions: How many, in steps of a hundred.
        detector: What measures them.
        energy: Of both protons, in TeV.
    """
    found = kept(
        (number, n_collisions, detector, energy),
        lambda: vars(_measured(number, n_collisions, detector, energy)),
    )
    flow = EnergyFlow(**found)
    return PileUp(flow, first_rows(flow.event, n_collisions))


def _measured(number: int, n_collisions: int, detector: Detector, energy: float) -> EnergyFlow:
    rng = np.random.default_rng([number, 1])
    batches = minimum_bias(seed=part_seed(number, 0, sample="pile-up"), energy=energy)
    flows = [energy_flow(next(batches).final, detector, rng) for _ in range(n_collisions // EVENTS_PER_BATCH)]
    return by_event(joined(flow.moved_to(flow.event + i * EVENTS_PER_BATCH) for i, flow in enumerate(flows)))


def overlay(
    hard: EnergyFlow, n_events: int, library: PileUp | None, mean: float, rng: np.random.Generator
) -> Overlaid:
    """Lay a Poisson number of collisions over each event; none if there is no library."""
    if library is None:
        return Overlaid(
            by_event(hard), np.zeros(len(hard.event), dtype=bool), np.ones(n_events, dtype=np.int64)
        )
    n_collisions = rng.poisson(mean, n_events)
    event = np.repeat(np.arange(n_events), n_collisions)
    pileup = placed(library, event, rng).flow
    flow = joined([hard, pileup])
    is_pileup = np.arange(len(flow.event)) >= len(hard.event)
    order = np.argsort(flow.event, kind="stable")
    return Overlaid(flow.where(order), is_pileup[order], 1 + n_collisions)


def placed(library: PileUp, event: Int[np.ndarray, " collisions"], rng: np.random.Generator) -> Placed:
    """A random collision of the library for each entry of `event`, turned and perhaps mirrored."""
    chosen = rng.choice(len(library.start) - 1, size=len(event), p=library.probability)
    angle, side = rng.uniform(0, 2 * np.pi, len(event)), rng.choice([-1.0, 1.0], len(event))
    collision, row = ranges(library.start[chosen], library.start[chosen + 1])
    energy, px, py, pz = library.flow.momentum[row].T
    cosine, sine = np.cos(angle)[collision], np.sin(angle)[collision]
    momentum = [energy, cosine * px - sine * py, sine * px + cosine * py, side[collision] * pz]
    flow = EnergyFlow(event[collision], np.stack(momentum, axis=1), library.flow.pdg_id[row])
    return Placed(flow, collision, chosen)
