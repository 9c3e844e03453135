"""Samples of jets or events by name: simulated on first use and kept, or read from a file of the user."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from jaxtyping import Float, Int

from offshell import __version__
from offshell.errors import InputError
from offshell.io.events.events import describe_events, iter_events, read_events
from offshell.io.events.parents import read_parents
from offshell.io.jets.jets import iter_jets, read_jets
from offshell.samples.settings import EventSamples, JetSamples, Samples
from offshell.samples.simulated_events import simulate_events
from offshell.samples.simulated_jets import simulate_jets
from offshell.simulate.generator.event_processes import BACKGROUND, BLACK_BOX, event_process_named
from offshell.simulate.generator.processes import process_named

__all__ = ["Sample", "iter_file", "samples_of"]

_SUFFIXES = (".h5", ".hdf5", ".hdf", ".root", ".parquet")

Events = Float[np.ndarray, "n rows 4"]


@dataclass(frozen=True)
class Sample:
    """Jets or events in a file; a simulated file is written when it is first needed."""

    name: str
    path: Path
    kind: str
    """`"jets"` or `"events"`."""
    label: str | None = None
    simulation: dict[str, Any] | None = None
    """What the simulation needs to write the file; None for a file of the user."""

    @property
    def origin(self) -> str:
        """Where it comes from, to be stated beside every result; of ADC2021 signals there are two releases."""
        if self.simulation is not None:
            return f"{self.name}: simulated by Offshell"
        if self.kind == "jets":
            return f"{self.name}: {self.path.name}"
        source = describe_events(self.path)
        return f"{self.name}: {self.path.name} ({source.layout}, {source.version})"

    def provide(self, n_events: int) -> None:
        """Make sure that there are so many, and that a file of the user holds nothing but jets or events there.

        Raises:
            InputError: if a file of the user has fewer, or is damaged.
        """
        if self.simulation is None:
            self.read(0, n_events)
        elif not _holds(self.path, n_events, self.simulation):
            if self.kind == "jets":
                simulate_jets(n_jets=n_events, path=self.path, **self.simulation)
            else:
                simulate_events(n_events=n_events, path=self.path, **self.simulation)

    def read(self, start: int, stop: int) -> Events:
        """Jets `(n, 200, 4)` or events `(n, 19, 4)` from `start` to `stop`.

        Raises:
            InputError: if a file of the user has fewer, or is damaged.
        """
        if self.simulation is not None:
            self.provide(stop)
        if self.kind == "jets":
            found = read_jets(self.path, label=self.label, start=start, stop=stop)
        else:
            found = read_events(self.path, start=start, stop=stop)
        if len(found) < stop - start:
            what = f"{self.label} jets" if self.label else self.kind
            raise InputError(
                f"{self.path} is too short. Expected: at least {stop} {what}. Received: {start + len(found)}."
            )
        return found

    def parents(self, start: int, stop: int) -> Int[np.ndarray, " n"] | None:
        """Numbers of the collisions that these events are from; None if no two share one, or the file does not say."""
        if self.kind == "jets" or self.path.is_dir():
            return None
        numbers = read_parents(self.path, start=start, stop=stop)
        shared = numbers is not None and len(np.unique(numbers)) < len(numbers)
        return numbers if shared else None


def samples_of(settings: Samples, folder: Path, *, seed: int) -> list[Sample]:
    """The samples that the table `[samples]` names, the background first; nothing is simulated yet.

    Args:
        settings: a name in them is a simulated process such as `"qcd"`, or a file such as `"jets.h5"`, for jets also with a
            label, `"train.h5:top"`.
        folder: where simulated samples are kept.
        seed: of the simulation.

    Raises:
        InputError: if there is neither such a process nor such a file, or two samples have one name.
    """
    wanted = (settings.background, *settings.signals)
    found = [_named(name, settings, folder, seed=seed) for name in wanted]
    names = [sample.name for sample in found]
    if len(set(names)) < len(names):
        raise InputError(
            "Samples need different names: a process, the label in a file, or else the name of the file. "
            f"Expected: each name once. Received: {', '.join(names)}."
        )
    return found


def iter_file(path: Path, kind: str, *, label: str | None = None) -> Iterator[Events]:
    """The jets or events of a file in batches of bounded memory.

    Raises:
        InputError: if the file is not readable, or events are to be chosen by a label.
    """
    if kind == "jets":
        return iter_jets(path, label=label)
    _refuse_label(path.name, label)
    return iter_events(path)


def _named(name: str, settings: Samples, folder: Path, *, seed: int) -> Sample:
    file, _, label = name.partition(":")
    if file.endswith(_SUFFIXES) or Path(file).is_dir():
        if settings.kind == "events":
            _refuse_label(name, label)
        return Sample(label or Path(file).stem, Path(file).absolute(), settings.kind, label or None)
    match settings:
        case JetSamples(pt=(low, high), detector=detector):
            process_named(name).with_jets_of(low, high)
            simulation = {"process": name, "seed": seed, "pt": (low, high), "detector": detector}
            file = f"{name}-{low:g}-{high:g}GeV-{detector}-seed{seed}.h5"
        case EventSamples(pileup=pileup):
            if name not in (BACKGROUND, BLACK_BOX):
                event_process_named(name)
            simulation = {"process": name, "seed": seed, "pileup": pileup}
            file = f"events-{name}-pileup{pileup:g}-seed{seed}.h5"
    return Sample(name, folder / file, settings.kind, simulation=simulation)


def _refuse_label(name: str, label: str | None) -> None:
    if label:
        raise InputError(
            f"Files of events have no labels. Expected: a file such as events.h5. Received: {name}, label {label!r}."
        )


def _holds(path: Path, n_events: int, simulation: dict[str, Any]) -> bool:
    """Whether this version of Offshell has simulated so many of them before; fewer are the first of more."""
    wanted = {"offshell_version": __version__, **simulation}
    try:
        with h5py.File(path) as file:
            (data,) = (file[key] for key in ("constituents", "Particles") if key in file)
            same = all(np.array_equal(file.attrs.get(key), value) for key, value in wanted.items())
            return same and len(data) >= n_events
    except (OSError, ValueError):
        return False
