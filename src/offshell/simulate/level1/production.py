"""Level-1 events by the thousand: the whole chain from a process name to rows of objects, on all cores."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast
from zlib import crc32

import joblib
import numpy as np
from jaxtyping import Float, Int

from offshell.errors import InputError
from offshell.simulate.counts import check_counts
from offshell.simulate.detector.pileup import pileup_library
from offshell.simulate.generator.processes.given import GivenEvent, given_event_process
from offshell.simulate.generator.processes.of_events import (
    BACKGROUND,
    BLACK_BOX,
    EVENT_PROCESSES,
    ZERO_BIAS,
    ZERO_BIAS_CODE,
    EventProcess,
    mean_pileup,
)
from offshell.simulate.generator.pythia import event_collisions
from offshell.simulate.generator.redecays import decay_library
from offshell.simulate.level1.composition import EVENTS_PER_CHUNK, chunk_names
from offshell.simulate.level1.crossings import crossing_library, crossings
from offshell.simulate.level1.selection import Libraries, SelectedEvents, selected_events
from offshell.simulate.progress import with_progress
from offshell.simulate.seeds import part_seed
from offshell.simulate.shares import Share, first_of, shares
from offshell.simulate.weights import warn_of_weights
from offshell.simulate.workers import in_order

__all__ = ["EventChunk", "events", "iter_events"]

MOST_PILEUP = 300.0
"""More than any collider is planned for; beyond, memory would run out before anything is wrong."""

# Chunks in a row that share a library of pile-up collisions, and how many libraries there are.
CHUNKS_PER_LIBRARY, LIBRARIES = 8, 32
CROSSINGS_PER_BATCH = 100
DECAY_SEED = 1

# Of collisions in a row without an event, before a simulation is given up.
MOST_TRIED = 200_000

UNDISCLOSED = -1
"""Code of every event of a black box."""


@dataclass(frozen=True)
class EventChunk:
    """Some accepted events and where they are from."""

    events: Float[np.ndarray, "n 19 4"]
    """``pt, eta, phi, class`` in GeV and radians, float32."""
    process: Int[np.ndarray, " n"]
    """Code of the process, as in `EVENT_PROCESSES`; -1 for all in a black box."""
    parent: Int[np.ndarray, " n"]
    """Number of the collision; events of `qcd-lepton` can share one, so split samples between, not within, parents."""
    weight: Float[np.ndarray, " n"]
    """What the generator has each event count for, 1 unless it prefers some; float32."""

    n_tried: int
    """Collisions generated for them."""

    def __len__(self) -> int:
        return len(self.events)

    def first(self, n_events: int | None) -> "EventChunk":
        """As many events, from the beginning; all of them if None."""
        rows = slice(n_events)
        return EventChunk(
            self.events[rows], self.process[rows], self.parent[rows], self.weight[rows], self.n_tried
        )


def events(
    process: GivenEvent,
    n_events: int | None,
    *,
    seed: int,
    pileup: float | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> Float[np.ndarray, "n 19 4"]:
    """Simulate level-1 trigger events of a process: exactly ``n_events``, of files as many as they give.

    Proton collisions, for processes with a name at 13 TeV, a CMS-like detector with the numbers of Delphes' Phase-II card, pile-up suppressed with
    PUPPI (arXiv:1407.6013). An event has an electron or muon with pt above 23 GeV and a relative isolation below
    0.45, as in the ADC2021 challenge (E. Govorkova et al., arXiv:2107.02157).

    Args:
        process: A name in `EVENT_PROCESSES`, ``"background"`` for the challenge's mixture, or ``"black-box"`` for that
            with an undisclosed signal (see `offshell.simulate.unblinded`), or ``"zero-bias"`` for crossings at 13.6 TeV of
            which nothing is asked, each with one collision at least; an `EventProcess` of your own; or a file as for
            `offshell.simulate.jets`.
        n_events: How many accepted events to return; None for all of a file. A file may have fewer, which is logged.
        seed: The result is the same for the same seed, whatever ``workers``; fewer events are the first of more.
        pileup: Mean number of collisions beside the hard one, 20 by default, 0 for none; of ``"zero-bias"`` of all, 60 by
            default.
        workers: Processes to use; all cores by default.
        progress: Show a progress bar on standard error.

    Returns:
        Events ``(n_events, 19, 4)``, float32, ``pt, eta, phi, class``: missing momentum (class 1), four electrons (2),
        four muons (3), ten jets (4), each by falling pt, zero-padded. Jets may be leptons as well.

    Raises:
        InputError: Unknown process, a number that is out of range, or a file that is damaged or gives no event.
        MissingDependencyError: pythia8mc is not installed, or what reads the file.

    Example:
        >>> events("z-ll", 3, seed=1, pileup=0, workers=1).shape
        (3, 19, 4)
    """
    chunks = iter_events(process, n_events, seed=seed, pileup=pileup, workers=workers)
    title = process.name if isinstance(process, EventProcess) else os.fspath(process)
    if progress:
        chunks = with_progress(chunks, n_events, title=title, unit="events")
    made = list(chunks)
    warn_of_weights(np.concatenate([chunk.weight for chunk in made]), source=title, kept_by="iter_events")
    return np.concatenate([chunk.events for chunk in made])


def iter_events(
    process: GivenEvent,
    n_events: int | None,
    *,
    seed: int,
    pileup: float | None = None,
    workers: int | None = None,
) -> Iterator[EventChunk]:
    """The events of `events` in chunks, in order, as soon as they are ready; arguments and errors are the same."""
    pileup = mean_pileup(process, pileup)
    own = None if process in (BACKGROUND, BLACK_BOX, ZERO_BIAS) else given_event_process(process)
    endless = own is None or own.file is None
    counted = {"n_events": n_events} if endless or n_events is not None else {}
    check_counts(seed=seed, workers=workers, **counted)
    if not 0 <= pileup <= MOST_PILEUP:
        raise InputError(
            f"pileup is not a mean number of collisions. Expected: 0 to {MOST_PILEUP:.0f}. Received: {pileup!r}."
        )
    if own is None or EVENT_PROCESSES.get(own.name) == own:
        tasks = _tasks_of_named(str(process) if own is None else own.name, n_events or 0, seed, pileup)
    else:
        parts = shares(own.file, n_events, per_share=EVENTS_PER_CHUNK, seed=seed)
        tasks = (joblib.delayed(simulate_own_chunk)(own, part, pileup) for part in parts)
    chunks = cast("Iterator[EventChunk]", in_order(tasks, workers=workers))
    return first_of(chunks, n_events, source=own.name if own else str(process), unit="events")


def _tasks_of_named(process: str, n_events: int, seed: int, pileup: float) -> Iterator[Any]:
    for start in range(0, n_events, EVENTS_PER_CHUNK):
        n_wanted = min(EVENTS_PER_CHUNK, n_events - start)
        yield joblib.delayed(simulate_event_chunk)(process, n_wanted, seed, start // EVENTS_PER_CHUNK, pileup)


def simulate_own_chunk(process: EventProcess, share: Share, pileup: float) -> EventChunk:
    """The events of a share of a process that is not in the table."""
    (index,) = share.seed.spawn_key
    chunk = _simulate(process, share, library=_library(index), pileup=pileup)
    return replace(chunk, parent=index * EVENTS_PER_CHUNK + chunk.parent)


def simulate_event_chunk(process: str, n_events: int, seed: int, index: int, pileup: float) -> EventChunk:
    """The first events of chunk number ``index``.

    A mixture has the same number of each process in every chunk, in an order drawn once for all.
    """
    if process == ZERO_BIAS:
        return _crossings(n_events, seed, index, pileup)
    names = chunk_names(process, seed, index)[:n_events]
    own = _own_entropy(process)
    _, *seeds = np.random.SeedSequence([seed, index, *own]).spawn(1 + len(EVENT_PROCESSES))
    first = index * len(EVENT_PROCESSES)
    parts = {}
    for name, count in Counter(names).items():
        code = EVENT_PROCESSES[name].code
        share = Share(count, seeds[code], part_seed(seed, first + code, sample=process))
        parts[name] = _simulate(EVENT_PROCESSES[name], share, library=_library(index), pileup=pileup)
    chunk = _interleaved(names, parts, index)
    return replace(chunk, process=np.full_like(chunk.process, UNDISCLOSED)) if process == BLACK_BOX else chunk


def _crossings(n_events: int, seed: int, index: int, pileup: float) -> EventChunk:
    """Those of one hard collision have one parent, which other chunks share, as they share the library."""
    rng = np.random.default_rng([seed, index, *_own_entropy(ZERO_BIAS)])
    library = crossing_library(_library(index))
    n_batches = -(-n_events // CROSSINGS_PER_BATCH)
    parts = [crossings(CROSSINGS_PER_BATCH, library, pileup, rng) for _ in range(n_batches)]
    chunk = _chunk(parts, ZERO_BIAS_CODE, n_events).first(n_events)
    hard = np.concatenate([part.collision for part in parts])[:n_events]
    return replace(chunk, parent=_library(index) * len(library.start) + hard)


def _library(index: int) -> int:
    """Which pile-up a chunk has: small samples need one library, and a million events use a collision no more often."""
    return index // CHUNKS_PER_LIBRARY % LIBRARIES


def _own_entropy(process: str) -> list[int]:
    """Samples of one seed share no collision, so that a signal or a black box can be held against the background."""
    return [] if process == BACKGROUND else [crc32(process.encode())]


def _interleaved(names: list[str], parts: dict[str, EventChunk], index: int) -> EventChunk:
    """The events of the parts in the order of the names; parents are numbered as they come."""
    chosen = np.array(names)
    n_events = len(names)
    rows = np.empty((n_events, *next(iter(parts.values())).events.shape[1:]), dtype=np.float32)
    process, parent = np.empty(n_events, dtype=np.int8), np.empty(n_events, dtype=np.int64)
    weight = np.empty(n_events, dtype=np.float32)
    for name, part in parts.items():
        place = chosen == name
        rows[place], process[place], weight[place] = part.events, part.process, part.weight
        parent[place] = part.parent + n_events * EVENT_PROCESSES[name].code
    _, first, number = np.unique(parent, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    n_tried = sum(part.n_tried for part in parts.values())
    return EventChunk(rows, process, index * EVENTS_PER_CHUNK + rank[number], weight, n_tried)


def _simulate(process: EventProcess, share: Share, *, library: int, pileup: float) -> EventChunk:
    """Generate collisions until the events of a share are accepted."""
    rng = np.random.default_rng(share.seed)
    libraries = Libraries(
        decays=decay_library(DECAY_SEED) if process.redecays else None,
        pileup=pileup_library(library) if pileup > 0 else None,
        mean_pileup=pileup,
    )
    parts: list[SelectedEvents] = []
    n_collisions = n_tried = 0
    for batch in event_collisions(process, seed=share.generator_seed, block=share.block):
        found = selected_events(batch, process, libraries, rng)
        parts.append(replace(found, collision=n_collisions + found.collision))
        n_collisions += len(batch.weight)
        n_tried += batch.n_tried
        n_accepted = sum(len(part.rows) for part in parts)
        if share.n_wanted is not None and n_accepted >= share.n_wanted:
            break
        if n_accepted == 0 and n_tried > MOST_TRIED:
            raise InputError(
                f"Process {process.name!r} gives no event with a hard isolated lepton. Expected: one at least. "
                f"Received: none in {n_tried} collisions."
            )
    return _chunk(parts, process.code, n_tried).first(share.n_wanted)


def _chunk(parts: list[SelectedEvents], code: int, n_tried: int) -> EventChunk:
    events = np.concatenate([part.rows for part in parts])
    weight = np.concatenate([part.weight for part in parts]).astype(np.float32)
    parent = np.unique(np.concatenate([part.collision for part in parts]), return_inverse=True)[1]
    return EventChunk(events, np.full(len(events), code, dtype=np.int8), parent, weight, n_tried)
