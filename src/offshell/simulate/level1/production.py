"""Level-1 events by the thousand: the whole chain from a process name to rows of objects, on all cores."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast
from zlib import crc32

import joblib
import numpy as np
from jaxtyping import Float, Int

from offshell.errors import InputError
from offshell.simulate.counts import check_counts
from offshell.simulate.detector.pileup import pileup_library
from offshell.simulate.generator.event_processes import (
    BACKGROUND,
    BLACK_BOX,
    EVENT_PROCESSES,
    MEAN_PILEUP,
    EventProcess,
    event_process_named,
)
from offshell.simulate.generator.pythia import event_collisions, pythia_seed
from offshell.simulate.generator.redecays import decay_library
from offshell.simulate.level1.composition import EVENTS_PER_CHUNK, chunk_names
from offshell.simulate.level1.selection import Libraries, selected_events
from offshell.simulate.progress import with_progress
from offshell.simulate.workers import in_order

__all__ = ["EventChunk", "events", "iter_events"]

MOST_PILEUP = 300.0
"""More than any collider is planned for; beyond, memory would run out before anything is wrong."""

# Chunks that share a library of pile-up collisions.
CHUNKS_PER_LIBRARY = 8
DECAY_SEED = 1

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

    n_tried: int
    """Collisions generated for them."""

    def __len__(self) -> int:
        return len(self.events)


def events(
    process: str,
    n_events: int,
    *,
    seed: int,
    pileup: float = MEAN_PILEUP,
    workers: int | None = None,
    progress: bool = False,
) -> Float[np.ndarray, "n 19 4"]:
    """Simulate exactly ``n_events`` level-1 trigger events of a named process.

    Proton collisions at 13 TeV, a CMS-like detector with the numbers of Delphes' Phase-II card, pile-up suppressed with
    PUPPI (arXiv:1407.6013). An event has an electron or muon with pt above 23 GeV and a relative isolation below
    0.45, as in the ADC2021 challenge (E. Govorkova et al., arXiv:2107.02157).

    Args:
        process: A name in `EVENT_PROCESSES`, ``"background"`` for the challenge's mixture, or ``"black-box"`` for that
            with an undisclosed signal (see `offshell.simulate.unblinded`).
        n_events: How many accepted events to return.
        seed: The result is the same for the same seed, whatever ``workers``; fewer events are the first of more.
        pileup: Mean number of collisions beside the hard one; 0 for none.
        workers: Processes to use; all cores by default.
        progress: Show a progress bar on standard error.

    Returns:
        Events ``(n_events, 19, 4)``, float32, ``pt, eta, phi, class``: missing momentum (class 1), four electrons (2),
        four muons (3), ten jets (4), each by falling pt, zero-padded. Jets may be leptons as well.

    Raises:
        InputError: Unknown process, or a number that is out of range.
        MissingDependencyError: pythia8mc is not installed.

    Example:
        >>> events("z-ll", 3, seed=1, pileup=0, workers=1).shape
        (3, 19, 4)
    """
    chunks = iter_events(process, n_events, seed=seed, pileup=pileup, workers=workers)
    if progress:
        chunks = with_progress(chunks, n_events, title=process, unit="events")
    return np.concatenate([chunk.events for chunk in chunks])


def iter_events(
    process: str,
    n_events: int,
    *,
    seed: int,
    pileup: float = MEAN_PILEUP,
    workers: int | None = None,
) -> Iterator[EventChunk]:
    """The events of `events` in chunks, in order, as soon as they are ready; arguments and errors are the same."""
    if process not in (BACKGROUND, BLACK_BOX):
        event_process_named(process)
    check_counts(n_events=n_events, seed=seed, workers=workers)
    if not 0 <= pileup <= MOST_PILEUP:
        raise InputError(
            f"pileup is not a mean number of collisions. Expected: 0 to {MOST_PILEUP:.0f}. Received: {pileup!r}."
        )
    starts = range(0, n_events, EVENTS_PER_CHUNK)
    tasks = (
        joblib.delayed(simulate_event_chunk)(
            process, min(EVENTS_PER_CHUNK, n_events - start), seed, start // EVENTS_PER_CHUNK, pileup
        )
        for start in starts
    )
    return cast("Iterator[EventChunk]", in_order(tasks, workers=workers))


def simulate_event_chunk(process: str, n_events: int, seed: int, index: int, pileup: float) -> EventChunk:
    """The first events of chunk number ``index``.

    A mixture has the same number of each process in every chunk, in an order drawn once for all.
    """
    names = chunk_names(process, seed, index)[:n_events]
    own = _own_entropy(process)
    _, *seeds = np.random.SeedSequence([seed, index, *own]).spawn(1 + len(EVENT_PROCESSES))
    library_seed = pythia_seed(np.random.SeedSequence([seed, index // CHUNKS_PER_LIBRARY, 1, *own]))
    parts = {
        name: _simulate(EVENT_PROCESSES[name], count, seeds[EVENT_PROCESSES[name].code], library_seed, pileup)
        for name, count in Counter(names).items()
    }
    chunk = _interleaved(names, parts, index)
    return replace(chunk, process=np.full_like(chunk.process, UNDISCLOSED)) if process == BLACK_BOX else chunk


def _own_entropy(process: str) -> list[int]:
    """Samples of one seed share no collision, so that a signal or a black box can be held against the background."""
    return [] if process == BACKGROUND else [crc32(process.encode())]


def _interleaved(names: list[str], parts: dict[str, EventChunk], index: int) -> EventChunk:
    """The events of the parts in the order of the names; parents are numbered as they come."""
    chosen = np.array(names)
    n_events = len(names)
    rows = np.empty((n_events, *next(iter(parts.values())).events.shape[1:]), dtype=np.float32)
    process, parent = np.empty(n_events, dtype=np.int8), np.empty(n_events, dtype=np.int64)
    for name, part in parts.items():
        place = chosen == name
        rows[place], process[place] = part.events, part.process
        parent[place] = part.parent + n_events * EVENT_PROCESSES[name].code
    _, first, number = np.unique(parent, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    n_tried = sum(part.n_tried for part in parts.values())
    return EventChunk(rows, process, index * EVENTS_PER_CHUNK + rank[number], n_tried)


def _simulate(
    process: EventProcess, n_events: int, seed: np.random.SeedSequence, library_seed: int, pileup: float
) -> EventChunk:
    """Generate collisions until ``n_events`` are accepted."""
    rng = np.random.default_rng(seed)
    libraries = Libraries(
        decays=decay_library(DECAY_SEED) if process.redecays else None,
        pileup=pileup_library(library_seed) if pileup > 0 else None,
        mean_pileup=pileup,
    )
    rows: list[Float[np.ndarray, "n 19 4"]] = []
    parents: list[Int[np.ndarray, " n"]] = []
    n_collisions = n_tried = 0
    for batch in event_collisions(process, seed=pythia_seed(seed)):
        selected = selected_events(batch, process, libraries, rng)
        rows.append(selected.rows)
        parents.append(n_collisions + selected.collision)
        n_collisions += len(batch.weight)
        n_tried += batch.n_tried
        if sum(map(len, rows)) >= n_events:
            break
    codes = np.full(n_events, process.code, dtype=np.int8)
    parent = np.unique(np.concatenate(parents)[:n_events], return_inverse=True)[1]
    return EventChunk(np.concatenate(rows)[:n_events], codes, parent, n_tried)
