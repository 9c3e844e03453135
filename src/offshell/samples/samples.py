"""Samples of jets or events by name: simulated on first use and kept, or read from a file of the user."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from jaxtyping import Float, Int

from offshell import __version__
from offshell.errors import InputError
from offshell.io.events.parents import read_parents
from offshell.io.events.reading import count_events, describe_events, read_events
from offshell.io.events.source import ADC2021
from offshell.io.jets.reading import count_jets, read_jets
from offshell.samples.fingerprints import Fingerprint, fingerprint
from offshell.samples.names import file_named, refuse_unknown_process
from offshell.samples.settings import EventSamples, JetSamples, Samples
from offshell.samples.simulated_events import simulate_events
from offshell.samples.simulated_jets import simulate_jets
from offshell.settings.collections import Collections
from offshell.simulate.generator.processes.of_events import mean_pileup
from offshell.simulate.generator.processes.of_jets import process_named

__all__ = ["Sample", "anchored", "samples_of"]

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
    collections: Collections | None = None
    """Which objects of a ROOT file are taken, where there is a choice."""
    known: Fingerprint | None = None
    """Of the file of the user that a run was made from; another one is refused."""

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Of the file of the user.

        Raises:
            InputError: if it cannot be read, or is another one than the known one.
        """
        self._refuse_missing()
        found = fingerprint(self.path)
        if self.known and found != self.known:
            raise InputError(
                f"{self.path} is not the file that the run was made from. Expected: {_described(self.known)}. "
                f"Received: {_described(found)}."
            )
        return found

    def refuse_too_few(self, n_events: int) -> None:
        """Raises InputError if the file of the user is not there, not readable or holds fewer; looks at no jet or event."""
        if self.simulation is None:
            self._refuse_missing()
            counted = (
                count_jets(self.path, label=self.label)
                if self.kind == "jets"
                else count_events(self.path, collections=self.collections)
            )
            self._refuse_short(counted, n_events)

    def _refuse_missing(self) -> None:
        if not self.path.exists():
            moved = "; if it has moved, write its new place into recipe.toml" if self.known else ""
            raise InputError(
                f"Cannot read {self.path}. Expected: a file of {self.kind}. Received: no such file{moved}."
            )

    def _refuse_short(self, n_events: int, n_needed: int) -> None:
        if n_events < n_needed:
            what = f"{self.label} jets" if self.label else self.kind
            raise InputError(
                f"{self.path} is too short. Expected: at least {n_needed} {what}. Received: {n_events}."
            )

    @property
    def origin(self) -> str:
        """Where it comes from, to be stated beside every result; of ADC2021 signals there are two releases."""
        if self.simulation is not None:
            return f"{self.name}: simulated by Offshell"
        if self.kind == "jets":
            return f"{self.name}: {self.path.name}"
        _ = self.fingerprint
        source = describe_events(self.path, collections=self.collections)
        return f"{self.name}: {self.path.name} ({source.layout}, {source.version})"

    @property
    def layout(self) -> str:
        """Which objects its events hold, as the readers say it; of simulated events that of ADC2021."""
        if self.simulation is not None:
            return ADC2021
        return describe_events(self.path, collections=self.collections).layout

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
        else:
            _ = self.fingerprint
        if self.kind == "jets":
            found = read_jets(self.path, label=self.label, start=start, stop=stop)
        else:
            found = read_events(self.path, start=start, stop=stop, collections=self.collections)
        self._refuse_short(start + len(found), stop)
        return found

    def parents(self, start: int, stop: int) -> Int[np.ndarray, " n"] | None:
        """Numbers of the collisions that these events are from; None if no two share one, or the file does not say."""
        if self.kind == "jets" or self.path.is_dir():
            return None
        numbers = read_parents(self.path, start=start, stop=stop)
        shared = numbers is not None and len(np.unique(numbers)) < len(numbers)
        return numbers if shared else None


def samples_of(
    settings: Samples, folder: Path, *, seed: int, known: Sequence[Fingerprint | None] = ()
) -> list[Sample]:
    """The samples that the table `[samples]` names, the background first; nothing is simulated or read yet.

    Args:
        settings: a name in them is a simulated process such as `"qcd"`, or a file such as `"jets.h5"`, for jets also with a
            label, `"train.h5:top"`.
        folder: where simulated samples are kept.
        seed: of the simulation.
        known: the fingerprints of the files, where a run knows them.

    Raises:
        InputError: if there is no such process, or two samples have one name.
    """
    wanted = (settings.background, *settings.signals)
    found = [
        _named(name, settings, folder, seed=seed, known=fingerprint)
        for name, fingerprint in zip_longest(wanted, known[: len(wanted)])
    ]
    names = [sample.name for sample in found]
    if len(set(names)) < len(names):
        raise InputError(
            "Samples need different names: a process, the label in a file, or else the name of the file. "
            f"Expected: each name once. Received: {', '.join(names)}."
        )
    return found


def anchored(settings: Samples) -> Samples:
    """The same table with the absolute paths of files, so that it means the same wherever it is read."""

    def absolute(name: str) -> str:
        file = file_named(name, settings.kind)
        return ":".join(filter(None, [str(file.path.absolute()), file.label])) if file else name

    names = {"background": absolute(settings.background), "signals": [*map(absolute, settings.signals)]}
    return settings.model_copy(update=names)


def _named(name: str, settings: Samples, folder: Path, *, seed: int, known: Fingerprint | None) -> Sample:
    if file := file_named(name, settings.kind):
        if settings.kind == "events":
            _refuse_label(name, file.label)
        return Sample(
            file.label or file.path.stem,
            file.path.absolute(),
            settings.kind,
            file.label,
            collections=getattr(settings, "collections", None),
            known=known,
        )
    refuse_unknown_process(name, settings.kind)
    match settings:
        case JetSamples(pt=(low, high), detector=detector):
            process_named(name).with_jets_of(low, high)
            simulation = {"process": name, "seed": seed, "pt": (low, high), "detector": detector}
            path = folder / f"{name}-{low:g}-{high:g}GeV-{detector}-seed{seed}.h5"
        case EventSamples(pileup=pileup):
            mean = mean_pileup(name, pileup)
            simulation = {"process": name, "seed": seed, "pileup": mean}
            path = folder / f"events-{name}-pileup{mean:g}-seed{seed}.h5"
    return Sample(name, path, settings.kind, simulation=simulation)


def _described(fingerprint: Fingerprint) -> str:
    return f"{fingerprint.size:,} bytes, blake2b {fingerprint.blake2b[:8]}"


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
