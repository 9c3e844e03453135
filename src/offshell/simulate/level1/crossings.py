"""Crossings of the beams of which nothing was asked, so that a share of them is a rate.

All collisions of a crossing are on one footing; the one with the largest sum of squared transverse momenta of its tracks
is taken for the hard one, as experiments do, and PUPPI takes the others away. A library of soft collisions alone would
have a handful of hard ones, and they make the rate. So collisions above a pt-hat come from a second generator that prefers
high pt-hat, and each is drawn as often as its weight and both cross sections say. Every crossing counts the same.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Int, Shaped

from offshell.simulate.detector.calorimeter import EnergyFlow, by_event, energy_flow, joined
from offshell.simulate.detector.kept_pileup import kept
from offshell.simulate.detector.phase2 import CMS_PHASE2
from offshell.simulate.detector.pileup import Overlaid, PileUp, Placed, placed
from offshell.simulate.detector.suppression import without_pileup
from offshell.simulate.generator.pythia import EVENTS_PER_BATCH, hard_part, soft_part
from offshell.simulate.level1.objects import event_rows, identified_leptons
from offshell.simulate.level1.selection import SelectedEvents
from offshell.simulate.ragged import first_rows
from offshell.simulate.seeds import part_seed

__all__ = ["crossing_library", "crossings"]

CROSSING_ENERGY = 13.6
"""TeV, of the LHC since 2022."""

PT_HAT_MIN = 20.0
"""GeV, where both generators give the same rate: of soft collisions 1.0 % are above, and of the cross section as much."""

COLLISIONS_OF_EACH_PART = 2500


@lru_cache(maxsize=1)
def crossing_library(number: int, n_of_each: int = COLLISIONS_OF_EACH_PART) -> PileUp:
    """Soft and hard collisions at 13.6 TeV in the CMS-like detector with how often they happen; made once on a machine.

    Args:
        number: Which of the libraries, from 0.
        n_of_each: How many soft and how many hard collisions, in steps of a hundred.
    """
    found = kept(("crossings", number, n_of_each, CMS_PHASE2), lambda: _measured(number, n_of_each))
    flow = EnergyFlow(found["event"], found["momentum"], found["pdg_id"])
    return PileUp(flow, first_rows(flow.event, len(found["probability"])), found["probability"])


def crossings(n_events: int, library: PileUp, mean: float, rng: np.random.Generator) -> SelectedEvents:
    """Crossings with a Poisson number of collisions, one at least; `collision` is the number of the hard one in the library."""
    n_collisions = np.maximum(rng.poisson(mean, n_events), 1)
    laid = placed(library, np.repeat(np.arange(n_events), n_collisions), rng)
    hard = _hardest(laid, n_collisions)
    order = np.argsort(laid.flow.event, kind="stable")
    is_pileup = ~np.isin(laid.collision, hard)
    crossing = Overlaid(laid.flow.where(order), is_pileup[order], n_collisions)
    leptons = identified_leptons(crossing.flow, rng)
    rows = event_rows(without_pileup(crossing), leptons, n_events)
    return SelectedEvents(rows, laid.chosen[hard], np.ones(n_events))


def _hardest(laid: Placed, n_collisions: Int[np.ndarray, " events"]) -> Int[np.ndarray, " events"]:
    """Of each crossing, the number of the collision with the largest sum of squared pt of tracks."""
    squared = np.where(laid.flow.pdg_id != 0, np.sum(laid.flow.momentum[:, 1:3] ** 2, axis=1), 0.0)
    total = np.bincount(laid.collision, squared, len(laid.chosen))
    crossing = np.repeat(np.arange(len(n_collisions)), n_collisions)
    last: Int[np.ndarray, " events"] = np.lexsort((total, crossing))[np.cumsum(n_collisions) - 1]
    return last


def _measured(number: int, n_of_each: int) -> dict[str, Shaped[np.ndarray, "..."]]:
    rng = np.random.default_rng([number, 2])
    soft_seed, hard_seed = (part_seed(number, part, sample="zero-bias") for part in range(2))
    soft = soft_part(seed=soft_seed, energy=CROSSING_ENERGY)
    hard = hard_part(seed=hard_seed, energy=CROSSING_ENERGY, pt_hat_min=PT_HAT_MIN)
    soft_batches, hard_batches = (
        [next(part.batches) for _ in range(n_of_each // EVENTS_PER_BATCH)] for part in (soft, hard)
    )
    share = hard.cross_section() / soft.cross_section()
    below = np.concatenate([batch.weight * (batch.pt_hat < PT_HAT_MIN) for batch in soft_batches])
    above = np.concatenate([batch.weight for batch in hard_batches])
    flows = (energy_flow(batch.final, CMS_PHASE2, rng) for batch in (*soft_batches, *hard_batches))
    flow = by_event(joined(flow.moved_to(flow.event + i * EVENTS_PER_BATCH) for i, flow in enumerate(flows)))
    probability = np.concatenate([(1 - share) * below / below.sum(), share * above / above.sum()])
    return {"probability": probability, **vars(flow)}
