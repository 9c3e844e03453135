"""Simulate pairs of jets into a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, Unpack

from offshell.inputs.dijets import Dijets
from offshell.io.dijets.store import write_dijets
from offshell.simulate import ATLAS, ATLAS_FINE, CMS, Process
from offshell.simulate.progress import with_progress

__all__ = ["DijetOptions", "simulate_dijets"]

_CARDS = {card.name: card for card in (ATLAS, ATLAS_FINE, CMS)}


class DijetOptions(TypedDict, total=False):
    """Options of `offshell.simulate.iter_dijets` that have a default there."""

    pt_min: float
    m_jj_min: float
    eta_max: float
    radius: float
    energy: float | None
    multiparton: bool | None


def simulate_dijets(
    *,
    process: Process,
    n_events: int | None,
    seed: int,
    detector: str,
    path: Path,
    workers: int | None = None,
    **options: Unpack[DijetOptions],
) -> None:
    """Simulate events with two hard jets into an HDF5 file, with a progress bar on standard error.

    Args:
        process: what collides; QCD has to begin where the thresholds need it.
        n_events: accepted events to write; None for all of a file of events.
        seed: of the simulation; see `offshell.simulate.dijets`.
        detector: `"ATLAS"`, `"ATLAS_FINE"` or `"CMS"`.
        path: the file to write; it appears only when it is complete.
        workers: processes to use; all cores by default.
        **options: of `offshell.simulate.iter_dijets`.

    Raises:
        InputError: if a number is out of range, or a file cannot be read or written.
    """
    from offshell.simulate import iter_dijets  # noqa: PLC0415 - files of the user need no generator

    card = _CARDS[detector]
    chunks = iter_dijets(process, n_events, seed=seed, detector=card, workers=workers, **options)

    def events() -> Iterator[Dijets]:
        for chunk in with_progress(chunks, n_events, title=f"Simulating {process.name}", unit="events"):
            yield chunk.dijets

    said: dict[str, str | float] = {
        "process": process.name,
        "title": process.title,
        "settings": "\n".join(process.settings),
        "seed": seed,
        "detector": detector,
    }
    write_dijets(path, events(), attributes=said | _given(options))


def _given(options: DijetOptions) -> dict[str, float]:
    return {name: value for name, value in options.items() if isinstance(value, (int, float))}
