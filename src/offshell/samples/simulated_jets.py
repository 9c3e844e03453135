"""Simulate jets into a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float

from offshell.io.store import write_jets
from offshell.simulate import ATLAS, ATLAS_FINE, CMS
from offshell.simulate.progress import with_progress

__all__ = ["simulate_jets"]

_CARDS = {card.name: card for card in (ATLAS, ATLAS_FINE, CMS)}


def simulate_jets(
    *,
    process: str,
    n_jets: int,
    seed: int,
    pt: tuple[float, float],
    detector: str,
    path: Path,
    workers: int | None = None,
    write: Callable[..., int] = write_jets,
) -> None:
    """Simulate jets of a named process into an HDF5 file, with a progress bar on standard error.

    Args:
        process: a name in `offshell.simulate.PROCESSES`.
        n_jets: accepted jets to write.
        seed: of the simulation; see `offshell.simulate.jets`.
        pt: range of the pt of the jets in GeV.
        detector: `"ATLAS"`, `"ATLAS_FINE"` or `"CMS"`.
        path: the file to write; it appears only when it is complete.
        workers: processes to use; all cores by default.
        write: `write_jets`, or `write_jetnet` for the layout of JetNet.

    Raises:
        InputError: if the process is unknown, a number is out of range or the file cannot be written.
    """
    from offshell.simulate import iter_jets  # noqa: PLC0415 - files of the user need no generator

    def constituents() -> Iterator[Float[np.ndarray, "n 200 4"]]:
        chunks = iter_jets(process, n_jets, seed=seed, pt=pt, detector=_CARDS[detector], workers=workers)
        for chunk in with_progress(chunks, n_jets, title=f"Simulating {process}", unit="jets"):
            yield chunk.constituents

    write(path, constituents(), attributes={"process": process, "seed": seed, "pt": pt, "detector": detector})
