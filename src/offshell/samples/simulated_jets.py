"""Simulate jets into a file."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from offshell.io.store import JetArrays, write_jets
from offshell.simulate import ATLAS, ATLAS_FINE, CMS, PROCESSES, Process, SoftDrop, given_process
from offshell.simulate.progress import with_progress

__all__ = ["JetOptions", "simulate_jets"]

_CARDS = {card.name: card for card in (ATLAS, ATLAS_FINE, CMS)}


class JetOptions(TypedDict, total=False):
    """Options of `offshell.simulate.iter_jets` that have a default there."""

    energy: float | None
    multiparton: bool | None
    pileup: float
    radius: float
    eta_max: float
    soft_drop: SoftDrop | None
    identities: bool


def simulate_jets(
    *,
    process: str | os.PathLike[str] | Process,
    n_jets: int | None,
    seed: int,
    pt: tuple[float, float] | None,
    detector: str,
    path: Path,
    workers: int | None = None,
    write: Callable[..., int] = write_jets,
    **options: Unpack[JetOptions],
) -> None:
    """Simulate jets of a process into an HDF5 file, with a progress bar on standard error.

    Args:
        process: a name in `offshell.simulate.PROCESSES`, a file, or a process; see `offshell.simulate.jets`.
        n_jets: accepted jets to write; None for all of a file of events.
        seed: of the simulation; see `offshell.simulate.jets`.
        pt: range of the pt of the jets in GeV; None for the one of the process.
        detector: `"ATLAS"`, `"ATLAS_FINE"` or `"CMS"`.
        path: the file to write; it appears only when it is complete.
        workers: processes to use; all cores by default.
        write: `write_jets`, or `write_jetnet` for the layout of JetNet, which has no room for further columns.
        **options: of `offshell.simulate.iter_jets`.

    Raises:
        InputError: if the process is unknown, a number is out of range or a file cannot be read or written.
    """
    from offshell.simulate import iter_jets  # noqa: PLC0415 - files of the user need no generator

    chosen = given_process(process)
    card = _CARDS[detector]
    chunks = iter_jets(chosen, n_jets, seed=seed, pt=pt, detector=card, workers=workers, **options)

    def jets() -> Iterator[JetArrays]:
        for chunk in with_progress(chunks, n_jets, title=f"Simulating {chosen.name}", unit="jets"):
            yield JetArrays(chunk.constituents, chunk.columns)

    rows = jets() if write is write_jets else (part.constituents for part in jets())
    said = {"process": chosen.name, "seed": seed, "pt": pt or chosen.jet_pt, "detector": detector}
    write(path, rows, attributes=said | _said_of(chosen) | _said_of_options(options))


def _said_of(process: Process) -> dict[str, str | float]:
    """How a process was set that has no name in the table."""
    is_named = PROCESSES.get(process.name) == process
    return {} if is_named else _said_of_own(process)


def _said_of_own(process: Process) -> dict[str, str | float]:
    """A lifetime of zero is that of a process whose particles all decay."""
    settings = "\n".join(process.settings)
    return {"title": process.title, "settings": settings, "lifetime_max": process.lifetime_max or 0.0}


def _said_of_options(options: Mapping[str, Any]) -> dict[str, str | float]:
    """What HDF5 keeps of options that were given."""
    given = {name: value for name, value in options.items() if value is not None}
    return {name: value if isinstance(value, (int, float)) else str(value) for name, value in given.items()}
