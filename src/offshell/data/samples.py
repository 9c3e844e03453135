"""Samples of jets by name: simulated on first use and kept, or read from a file of the user."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from jaxtyping import Float

from offshell import __version__
from offshell.data.formats import read_jets
from offshell.data.store import write_jets
from offshell.errors import InputError
from offshell.simulate import ATLAS, CMS, process_named
from offshell.simulate.progress import shown

__all__ = ["Sample", "named", "simulate"]

_SUFFIXES = (".h5", ".hdf5", ".hdf")


@dataclass(frozen=True)
class Sample:
    """Jets in a file; a simulated file is written when it is first needed."""

    name: str
    path: Path
    label: str | None = None
    simulation: dict[str, Any] | None = None
    """What `simulate` needs to write the file; None for a file of the user."""

    def provide(self, n_jets: int) -> None:
        """Make sure that there are so many jets, and that a file of the user holds nothing but jets there.

        Raises:
            InputError: if a file of the user has fewer, or is damaged.
        """
        if self.simulation is None:
            self.jets(0, n_jets)
        elif not _holds(self.path, n_jets, self.simulation):
            simulate(n_jets=n_jets, path=self.path, **self.simulation)

    def jets(self, start: int, stop: int) -> Float[np.ndarray, "n 200 4"]:
        """Jets `start` to `stop`, `(n, 200, 4)`; raises InputError if a file of the user has fewer, or is damaged."""
        if self.simulation is not None:
            self.provide(stop)
        jets = read_jets(self.path, label=self.label, start=start, stop=stop)
        if len(jets) < stop - start:
            kind = f"{self.label} jets" if self.label else "jets"
            raise InputError(
                f"{self.path} is too short. Expected: at least {stop} {kind}. Received: {start + len(jets)}."
            )
        return jets


def named(name: str, *, seed: int, detector: str, folder: Path) -> Sample:
    """The sample that a recipe calls by this name; nothing is simulated yet.

    Args:
        name: a simulated process such as `"qcd"`, or a file such as `"jets.h5"`, with a label `"train.h5:top"`.
        seed: of the simulation.
        detector: `"ATLAS"` or `"CMS"`, for the simulation.
        folder: where simulated samples are kept.

    Raises:
        InputError: if there is neither such a process nor such a file.
    """
    file, _, label = name.partition(":")
    if file.endswith(_SUFFIXES):
        return Sample(label or Path(file).stem, Path(file).absolute(), label or None)
    process_named(name)
    simulation = {"process": name, "seed": seed, "detector": detector}
    return Sample(name, folder / f"{name}-{detector}-seed{seed}.h5", simulation=simulation)


def simulate(
    *, process: str, n_jets: int, seed: int, detector: str, path: Path, workers: int | None = None
) -> None:
    """Simulate jets of a named process into an HDF5 file, with a progress bar on standard error.

    Args:
        process: a name in `offshell.simulate.PROCESSES`.
        n_jets: accepted jets to write.
        seed: of the simulation; see `offshell.simulate.jets`.
        detector: `"ATLAS"` or `"CMS"`.
        path: the file to write; it appears only when it is complete.
        workers: processes to use; all cores by default.

    Raises:
        InputError: if the process is unknown, a number is out of range or the file cannot be written.
    """
    from offshell.simulate import iter_jets  # noqa: PLC0415 - files of the user need no generator

    def constituents() -> Iterator[Float[np.ndarray, "n 200 4"]]:
        chunks = iter_jets(process, n_jets, seed=seed, detector=_CARDS[detector], workers=workers)
        for chunk in shown(chunks, n_jets, title=f"Simulating {process}"):
            yield chunk.constituents

    write_jets(path, constituents(), attributes={"process": process, "seed": seed, "detector": detector})


_CARDS = {"ATLAS": ATLAS, "CMS": CMS}


def _holds(path: Path, n_jets: int, simulation: dict[str, Any]) -> bool:
    """Whether this version of Offshell has simulated so many of these jets before; fewer are the first of more."""
    wanted = {"offshell_version": __version__, **simulation}
    try:
        with h5py.File(path) as file:
            return dict(wanted, **file.attrs) == dict(file.attrs) and len(file["constituents"]) >= n_jets
    except (OSError, KeyError):
        return False
