"""Open a file of events, whichever of the known layouts it has."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from offshell.errors import InputError
from offshell.inputs.objects import N_OBJECTS
from offshell.io import defects, hdf5
from offshell.io.absent import refuse_absent
from offshell.io.addresses import refuse_address
from offshell.io.chunks import Columns, named_columns, sliced
from offshell.io.events.source import ADC2021, CHUNK, EventFile, Events, EventSource, Version
from offshell.settings.collections import Collections

if TYPE_CHECKING:
    import h5py

__all__ = ["open_events"]

_KEY = "Particles"
_BACKGROUND = "background_for_training"
_UNFILTERED = (
    "Ato4l_lepFilter_13TeV",
    "leptoquark_LOWMASS_lepFilter_13TeV",
    "hToTauTau_13TeV_PU20",
    "hChToTauNu_13TeV_PU20",
)
_EXPECTED = "an HDF5, ROOT or parquet file of events, or a folder of parquet files"


def open_events(
    path: str | Path, *, collections: Collections | None = None
) -> AbstractContextManager[EventFile]:
    """Opens a file of events, to be used in a `with` statement.

    * HDF5 with `Particles` (n, 19, 4), as the ADC2021 set (Govorkova et al., arXiv:2107.02157) and what Offshell
      simulates.
    * ROOT: see `offshell.io.events.root`.
    * Parquet: see `offshell.io.events.level1`.

    Args:
        path: The file or folder.
        collections: Which objects of a ROOT file are taken, where there is a choice.

    Raises:
        InputError: If the file is missing, empty, truncated, damaged or has none of these layouts.
        MissingDependencyError: If the package that reads it is not installed.
    """
    path = Path(path)
    refuse_address(path)
    if path.is_dir():
        from offshell.io.events import level1  # noqa: PLC0415 - an extra

        return level1.open_folder(path)
    match _signature(path):
        case b"\x89HDF":
            return _open_hdf5(path)
        case b"root":
            from offshell.io.events import root  # noqa: PLC0415 - an extra

            return root.open_root(path, collections=collections)
        case b"PAR1":
            from offshell.io.events import level1  # noqa: PLC0415 - an extra

            return level1.open_file(path)
        case signature:
            received = "a file of another kind" if signature else "an empty file"
            raise InputError(f"Cannot read {path}. Expected: {_EXPECTED}. Received: {received}.")


def _signature(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        received = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"Cannot read {path}. Expected: {_EXPECTED}. Received: {received}.") from error


@contextmanager
def _open_hdf5(path: Path) -> Iterator[EventFile]:
    with hdf5.opened(path, content="events") as file:
        with defects.reported(path, kind="HDF5"):
            particles = _particles(path, file)
            source = EventSource(path, ADC2021, len(particles), _version(path, file))

        def chunks(start: int, stop: int) -> Iterator[Events]:
            for first in range(start, stop, CHUNK):
                with defects.reported(path, kind="HDF5"):
                    events = particles[first : min(first + CHUNK, stop)]
                yield events

        yield EventFile(source, chunks, _columns(path, file, len(particles)))


def _columns(path: Path, file: "h5py.File", n_events: int) -> Callable[[int, int], Columns]:
    found = {name: file[key] for name, key in named_columns(file).items()}
    datasets = dict(sliced(found, n_events, source=str(path)))
    for dataset in datasets.values():
        refuse_absent(path, dataset)
    return lambda start, stop: {name: dataset[start:stop] for name, dataset in datasets.items()}


def _particles(path: Path, file: "h5py.File") -> "h5py.Dataset":
    if _KEY not in file:
        raise InputError(
            f"{path}: no events. Expected: the key {_KEY}. Received: the keys {', '.join(file) or 'none'}."
        )
    particles = file[_KEY]
    shape = getattr(particles, "shape", "a group")
    if shape == "a group" or shape[1:] != (N_OBJECTS, 4):
        raise InputError(f"{path}: wrong shape of {_KEY}. Expected: (n, {N_OBJECTS}, 4). Received: {shape}.")
    if particles.dtype.kind not in "fiu":
        raise InputError(
            f"{path}: wrong type of {_KEY}. Expected: {np.dtype(np.float32)}. Received: {particles.dtype}."
        )
    refuse_absent(path, particles)
    return particles


def _version(path: Path, file: "h5py.File") -> Version:
    if "offshell_version" in file.attrs:
        return "simulated"
    if path.stem == _BACKGROUND or path.stem.endswith("_filtered"):
        return "filtered"
    return "unfiltered" if path.stem in _UNFILTERED else "unknown"
