"""Pairs of jets by the thousand: the whole chain from a process to constituents, on all cores."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

import joblib
import numpy as np

from offshell.errors import InputError
from offshell.inputs.dijets import Dijets, constituents_of, joined_dijets, two_hardest
from offshell.inputs.momenta import dijet_mass
from offshell.io.store import N_CONSTITUENTS
from offshell.simulate.counts import check_counts
from offshell.simulate.detector.calorimeter import EnergyFlow, by_event, energy_flow
from offshell.simulate.detector.cards import CMS
from offshell.simulate.detector.response import Detector
from offshell.simulate.dijets.processes import M_JJ_MIN, PT_MIN, QCD_DIJETS, given_dijet_process
from offshell.simulate.dijets.selection import DIJET_ETA_MAX, DIJET_RADIUS, DijetSelection
from offshell.simulate.generator.processes.given import Given
from offshell.simulate.generator.processes.process import Process
from offshell.simulate.generator.pythia import collisions
from offshell.simulate.generator.records import Collisions
from offshell.simulate.progress import with_progress
from offshell.simulate.shares import Share, first_of, shares
from offshell.simulate.workers import in_order

__all__ = ["DijetChunk", "dijets", "iter_dijets", "simulate_dijet_chunk"]

# Events that share a seed. Fixed, so that the result does not depend on the number of workers.
EVENTS_PER_CHUNK = 500

# Of collisions in a row without an event, before a simulation is given up.
MOST_TRIED = 50_000


@dataclass(frozen=True)
class DijetChunk:
    """Some accepted events and what they cost."""

    dijets: Dijets
    n_tried: int
    """Collisions generated for them."""

    def __len__(self) -> int:
        return len(self.dijets)

    def first(self, n_events: int | None) -> "DijetChunk":
        """As many events, from the beginning; all of them if None."""
        return DijetChunk(self.dijets.where(slice(n_events)), self.n_tried)


def dijets(
    process: Given,
    n_events: int | None,
    *,
    seed: int,
    pt_min: float = PT_MIN,
    m_jj_min: float = M_JJ_MIN,
    eta_max: float = DIJET_ETA_MAX,
    radius: float = DIJET_RADIUS,
    energy: float | None = None,
    multiparton: bool | None = None,
    detector: Detector = CMS,
    workers: int | None = None,
    progress: bool = False,
) -> Dijets:
    """Simulate events with two hard jets: exactly ``n_events``, of files as many as they give.

    Proton collisions, for processes with a name at 13 TeV and without multi-parton interactions, a parametric detector,
    energy-flow objects clustered with anti-kT. The two jets of highest pt are kept where the first has ``pt_min``, both
    together have ``m_jj_min`` and none is farther out than ``eta_max``. With the defaults but ``m_jj_min=0`` these are the
    definitions of the LHC Olympics 2020 (G. Kasieczka et al., arXiv:2101.08320), except that there only one jet has to be central.

    Args:
        process: A name in `DIJET_PROCESSES`, for example ``"qcd"`` or ``"xy"``; a process of your own, or one from
            `xy_resonance` or `dijet_resonance`; or a file, as for `jets`. Where ``"qcd"`` begins follows from the thresholds.
        n_events: How many accepted events to return; None for all of a file. A file may have fewer, which is logged.
        seed: The result is the same for the same seed, whatever ``workers``; fewer events are the first of more.
        pt_min: Of the leading jet in GeV.
        m_jj_min: Of both jets together in GeV.
        eta_max: How far from the center either jet may be.
        radius: Of the jets, in rapidity and azimuth; 0.8 is common as well.
        energy: Of both protons, in TeV; that of the process by default.
        multiparton: Whether more partons of the protons scatter (the underlying event); as the process says by default.
        detector: `CMS`, `ATLAS` or `ATLAS_FINE`.
        workers: Processes to use; all cores by default.
        progress: Show a progress bar on standard error.

    Returns:
        Jets ``(n_events, 2, 4)`` by falling pt, their constituents ``(n_events, 2, 200, 4)``, ``m_jj``, ``pt_hat``, ``weight``
        and ``label``.

    Raises:
        InputError: Unknown process, a number that is out of range, or a file that is damaged or gives no event.
        MissingDependencyError: pythia8mc is not installed, or what reads the file.

    Example:
        >>> found = dijets("xy", 3, seed=1, workers=1)
        >>> found.constituents.shape, bool((found.m_jj > 2500).all())
        ((3, 2, 200, 4), True)
    """
    chunks = iter_dijets(
        process,
        n_events,
        seed=seed,
        pt_min=pt_min,
        m_jj_min=m_jj_min,
        eta_max=eta_max,
        radius=radius,
        energy=energy,
        multiparton=multiparton,
        detector=detector,
        workers=workers,
    )
    if progress:
        chunks = with_progress(chunks, n_events, title=given_dijet_process(process).name, unit="events")
    return joined_dijets(chunk.dijets for chunk in chunks)


def iter_dijets(
    process: Given,
    n_events: int | None,
    *,
    seed: int,
    pt_min: float = PT_MIN,
    m_jj_min: float = M_JJ_MIN,
    eta_max: float = DIJET_ETA_MAX,
    radius: float = DIJET_RADIUS,
    energy: float | None = None,
    multiparton: bool | None = None,
    detector: Detector = CMS,
    workers: int | None = None,
) -> Iterator[DijetChunk]:
    """The events of `dijets` in chunks, in order, as soon as they are ready; arguments and errors are the same."""
    selection = DijetSelection(detector, radius, pt_min, m_jj_min, eta_max)
    chosen = given_dijet_process(process, pt_min=pt_min, m_jj_min=m_jj_min)
    chosen = chosen.with_beam(energy=energy, multiparton=multiparton)
    if radius > DIJET_RADIUS:  # nobody has looked at what would be lost of wider jets early in the shower
        chosen = replace(chosen, shower_pt=None)
    is_open = chosen.file is not None and n_events is None
    check_counts(seed=seed, workers=workers, **({} if is_open else {"n_events": n_events}))
    parts = shares(chosen.file, n_events, per_share=EVENTS_PER_CHUNK, seed=seed)
    tasks = (joblib.delayed(simulate_dijet_chunk)(chosen, part, selection) for part in parts)
    chunks = cast("Iterator[DijetChunk]", in_order(tasks, workers=workers))
    return first_of(chunks, n_events, source=chosen.name, unit="events")


def simulate_dijet_chunk(process: Process, share: Share, selection: DijetSelection) -> DijetChunk:
    """Generate collisions until the events of a share are accepted; one seed for generator and detector."""
    rng = np.random.default_rng(share.seed)
    parts: list[DijetChunk] = []
    for batch in collisions(process, seed=share.generator_seed, block=share.block):
        flow = energy_flow(batch.final, selection.detector, rng)
        parts.append(DijetChunk(_accepted(flow, batch, process, selection), batch.n_tried))
        if share.n_wanted is not None and sum(map(len, parts)) >= share.n_wanted:
            break
        _refuse_barren(process, parts, selection)
    n_tried = sum(part.n_tried for part in parts)
    return DijetChunk(joined_dijets(part.dijets for part in parts), n_tried).first(share.n_wanted)


def _accepted(flow: EnergyFlow, batch: Collisions, process: Process, selection: DijetSelection) -> Dijets:
    """The pairs of what a detector saw of a batch of collisions that pass the selection."""
    ordered = by_event(flow)
    event, count = np.unique(ordered.event, return_counts=True)
    pairs = two_hardest(ordered.momentum, count, radius=selection.radius)
    pairs = pairs.where(selection.accepts(pairs.momentum))
    event = event[pairs.event]
    return Dijets(
        constituents_of(pairs, ordered.momentum, n_particles=N_CONSTITUENTS),
        pairs.momentum.astype(np.float32),
        dijet_mass(pairs.momentum).astype(np.float32),
        batch.pt_hat[event].astype(np.float32),
        batch.weight[event].astype(np.float32),
        np.full(len(event), process.name != QCD_DIJETS, dtype=np.int8),
    )


def _refuse_barren(process: Process, parts: list[DijetChunk], selection: DijetSelection) -> None:
    """Processes of a user may have no such events at all, and would be simulated for ever."""
    n_tried = sum(part.n_tried for part in parts)
    if n_tried > MOST_TRIED and not any(map(len, parts)):
        raise InputError(
            f"Process {process.name!r} gives no pairs of jets of {selection.m_jj_min:g} GeV, the first with {selection.pt_min:g}. "
            f"Expected: one at least. Received: none in {n_tried} collisions."
        )
