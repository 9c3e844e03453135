"""Samples of jets by name: simulated on first use and kept, or read from a file of the user."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from offshell import __version__
from offshell.data.formats import count_jets, read_jets
from offshell.data.store import write_jets
from offshell.errors import InputError

__all__ = ["Sample", "provide", "simulate"]

_SUFFIXES = (".h5", ".hdf5", ".hdf")


@dataclass(frozen=True)
class Sample:
    """Jets in a file."""

    name: str
    path: Path
    label: str | None = None

    def jets(self, start: int, stop: int) -> np.ndarray:
        """Jets `start` to `stop` as `(n, 200, 4)`; raises InputError if the file holds fewer."""
        n_jets = count_jets(self.path, label=self.label)
        if n_jets < stop:
            wanted = f"{stop} {self.label or ''} jets".replace("  ", " ")
            raise InputError(f"{self.path} is too short. Expected: at least {wanted}. Received: {n_jets}.")
        return read_jets(self.path, label=self.label, start=start, stop=stop)


def provide(name: str, n_jets: int, *, seed: int, detector: str, folder: Path) -> Sample:
    """The sample that a recipe calls by this name, simulated if it is not there yet.

    Args:
        name: a simulated process such as `"qcd"`, or a file such as `"jets.h5"`, with a label `"train.h5:top"`.
        n_jets: jets that will be needed; a simulated file with at least so many is used again.
        seed: of the simulation.
        detector: `"ATLAS"` or `"CMS"`, for the simulation.
        folder: where simulated samples are kept.

    Raises:
        InputError: if the process is unknown.
    """
    file, _, label = name.partition(":")
    if file.endswith(_SUFFIXES):
        return Sample(label or Path(file).stem, Path(file), label or None)
    path = folder / f"{name}-{detector}-seed{seed}.h5"
    if not _holds(path, n_jets):
        simulate(name, n_jets, seed=seed, detector=detector, path=path)
    return Sample(name, path)


def simulate(
    process: str, n_jets: int, *, seed: int, detector: str, path: Path, workers: int | None = None
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
    from offshell import simulate as simulation  # noqa: PLC0415 - readers of files need no generator
    from offshell.simulate.progress import shown  # noqa: PLC0415

    card = {"ATLAS": simulation.ATLAS, "CMS": simulation.CMS}[detector]
    chunks = simulation.iter_jets(process, n_jets, seed=seed, detector=card, workers=workers)
    progress = shown(chunks, n_jets, title=f"Simulating {process}")
    constituents = (chunk.constituents for chunk in progress)
    write_jets(path, constituents, attributes={"process": process, "seed": seed, "detector": detector})


def _holds(path: Path, n_jets: int) -> bool:
    """Whether this version of Offshell has simulated so many jets before; fewer jets are the first of more."""
    if not path.exists():
        return False
    try:
        with h5py.File(path) as file:
            return file.attrs.get("offshell_version") == __version__ and len(file["constituents"]) >= n_jets
    except (OSError, KeyError):
        return False
