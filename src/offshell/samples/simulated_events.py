"""Simulate level-1 events into a file."""

from collections.abc import Iterator
from pathlib import Path

from offshell.io.store import EventArrays, write_events
from offshell.simulate.generator.processes.given import GivenEvent
from offshell.simulate.generator.processes.of_events import EventProcess, mean_pileup
from offshell.simulate.progress import with_progress

__all__ = ["simulate_events"]


def simulate_events(
    *,
    process: GivenEvent,
    n_events: int | None,
    seed: int,
    path: Path,
    pileup: float | None = None,
    workers: int | None = None,
) -> None:
    """Simulate events of a process into an HDF5 file, with a progress bar on standard error.

    Args:
        process: a name in `offshell.simulate.EVENT_PROCESSES`, `"background"`, or a file; see `offshell.simulate.events`.
        n_events: accepted events to write; None for all of a file.
        seed: of the simulation; see `offshell.simulate.events`.
        path: the file to write; it appears only when it is complete.
        pileup: mean number of collisions beside the hard one; that of the process by default.
        workers: processes to use; all cores by default.

    Raises:
        InputError: if the process is unknown, a number is out of range or the file cannot be written.
    """
    from offshell.simulate import iter_events  # noqa: PLC0415 - files of the user need no generator

    pileup = mean_pileup(process, pileup)
    name = process.name if isinstance(process, EventProcess) else Path(process).name

    def arrays() -> Iterator[EventArrays]:
        chunks = iter_events(process, n_events, seed=seed, pileup=pileup, workers=workers)
        for chunk in with_progress(chunks, n_events, title=f"Simulating {name}", unit="events"):
            yield EventArrays(chunk.events, chunk.process, chunk.parent, chunk.weight)

    write_events(path, arrays(), attributes={"process": name, "seed": seed, "pileup": pileup})
