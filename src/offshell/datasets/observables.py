"""What the jets or events of a file are compared by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import h5py
import numpy as np
from jaxtyping import Float

from offshell.datasets.mean_images import MeanImage, mean_image
from offshell.errors import InputError
from offshell.inputs import kinematics
from offshell.inputs.observables import DOZEN, of_jets
from offshell.io import iter_events, iter_jets
from offshell.io.hdf5 import opened

__all__ = ["IN_GEV", "Kind", "Summary", "event_observables", "jet_observables", "kind_of", "summary"]

Kind = Literal["jets", "events"]
ByName = dict[str, Float[np.ndarray, " n"]]

IN_GEV = frozenset(
    {"mass", "pt", "soft_drop_mass", "split12", "split23", "met", "ht", "lepton_pt", "jet_pt", "sum_pt"}
)
"""The observables with a unit; the others are numbers, shares and distances in eta and phi."""


@dataclass(frozen=True)
class Summary:
    """The observables of each jet or event of a file, and the mean image of jets."""

    kind: Kind
    observables: ByName
    image: MeanImage | None = None

    @property
    def n_events(self) -> int:
        """How many jets or events there are."""
        return len(next(iter(self.observables.values())))


def jet_observables(jets: Float[np.ndarray, "n particles 4"]) -> ByName:
    """Returns the transverse momentum in GeV and the substructure of each jet, `{name: (n,)}`.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded; see `offshell.inputs.observables.of_jets`.

    Raises:
        InputError: If `jets` has another shape or holds impossible numbers.
    """
    names = ("pt", *DOZEN)
    return dict(zip(names, of_jets(jets, names).T.astype(float), strict=True))


def event_observables(events: Float[np.ndarray, "n 19 4"]) -> ByName:
    """Returns the kinematics of each event, `{name: (n,)}`; `sum_pt` is that of all 19 objects, in GeV.

    Args:
        events: `pt, eta, phi, class` of 19 objects, zero-padded; see `offshell.inputs.kinematics.observables`.

    Raises:
        InputError: If `events` has another shape or holds NaN or infinite numbers.
    """
    values = kinematics.observables(events) | {"sum_pt": events[..., 0].sum(axis=1, dtype=float)}
    return {name: value.astype(float) for name, value in values.items()}


def kind_of(path: str | Path) -> Kind:
    """Returns whether a file is one of jets or of events; what is neither is refused by the readers of events.

    Raises:
        InputError: If there is no such file, or it is HDF5 and damaged.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(
            f"Cannot read {path}. Expected: a file of jets or of events. Received: no such file."
        )
    if not h5py.is_hdf5(path):
        return "events"
    with opened(path, content="jets or events") as file:
        return "events" if "Particles" in file else "jets"


def summary(path: str | Path) -> Summary:
    """Returns what a file is compared by; its jets or events are read in batches.

    Args:
        path: A file of jets as for `offshell.io.read_jets`, or of events as for `offshell.io.read_events`.

    Raises:
        InputError: If the file cannot be read, is empty or holds impossible numbers.
    """
    if kind_of(path) == "events":
        return Summary("events", _joined(event_observables, iter_events(path)))
    return Summary("jets", _joined(jet_observables, iter_jets(path)), mean_image(iter_jets(path)))


def _joined(
    observe: Callable[[Float[np.ndarray, "n ..."]], ByName],
    batches: Iterable[Float[np.ndarray, "n ..."]],
) -> ByName:
    parts = [observe(batch) for batch in batches]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
