"""Read events from ROOT files with uproot (Pivarski et al., doi:10.5281/zenodo.4340632)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import awkward as ak
import numpy as np
from jaxtyping import Shaped

from offshell.errors import InputError, from_extra
from offshell.io import defects
from offshell.io.chunks import Columns, named_columns
from offshell.io.events.branches import BranchLayout, Collection, known_layout
from offshell.io.events.packing import Momenta, packed
from offshell.io.events.source import CHUNK, EventFile, Events, EventSource
from offshell.settings.collections import Collections

__all__ = ["open_root"]

_SENT = "l1UpgradeTree/L1UpgradeTree"
_TREES = ("Delphes", "Events", _SENT, "l1UpgradeEmuTree/L1UpgradeTree")
# What the trigger sent comes before what its emulator makes of the same events.
_LEVEL1_IDENTITY = "l1EventTree/L1EventTree"


@contextmanager
def open_root(path: Path, *, collections: Collections | None = None) -> Iterator[EventFile]:
    """Opens a ROOT file of events; `offshell.io.events.branches` says which branches are what.

    Args:
        path: The file.
        collections: Which objects are taken, where there is a choice.

    Raises:
        InputError: If the file is damaged or truncated, or holds none of the known trees or not all of their branches.
        MissingDependencyError: If uproot is not installed.
    """
    with from_extra("root", needed=f"{path} is a ROOT file and needs uproot"):
        import uproot  # noqa: PLC0415 - an extra
    with defects.reported(path, kind="ROOT"):
        file = uproot.open(path)
    with file:
        with defects.reported(path, kind="ROOT"):
            branches, layout = _known_tree(path, file, collections or Collections())
            identity = _identity(file, branches)
            called = named_columns(identity.names)
            source = EventSource(path, layout.name, len(branches))

        def chunks(start: int, stop: int) -> Iterator[Events]:
            for first in range(start, stop, CHUNK):
                with defects.reported(path, kind="ROOT"):
                    objects = _objects(branches, layout, first, min(first + CHUNK, stop))
                    events = packed(objects, source=str(path))
                yield events

        def columns(start: int, stop: int) -> Columns:
            with defects.reported(path, kind="ROOT"):
                return {name: identity.numbers(key, start, stop) for name, key in called.items()}

        yield EventFile(source, chunks, columns)


def _known_tree(path: Path, file: Any, chosen: Collections) -> tuple["_Branches", BranchLayout]:  # noqa: ANN401 - of uproot
    present = [name for name in file.keys(cycle=False) if not (chosen.emulated and name == _SENT)]
    name = _known_name(path, present)
    branches = _Branches(file[name])
    leaf = name if name in _TREES else name.rpartition("/")[2]
    return branches, known_layout(leaf, frozenset(branches.names), source=str(path), chosen=chosen)


def _known_name(path: Path, present: Sequence[str]) -> str:
    """The tree of highest rank in `_TREES`; if there is none, one of such a name in a folder, if it is the only one."""
    names = [name for name in _TREES if name in present]
    in_folders = [name for name in present if name.rpartition("/")[2] in _TREES]
    if names or len(in_folders) == 1:
        return (names or in_folders)[0]
    received = ", ".join(in_folders or present) or "none"
    raise InputError(f"{path}: no known tree. Expected: one of {', '.join(_TREES)}. Received: {received}.")


def _identity(file: Any, branches: "_Branches") -> "_Branches":  # noqa: ANN401 - of uproot
    """Where run, lumi and event are: level-1 ntuples keep them in a tree of their own."""
    beside = file.get(_LEVEL1_IDENTITY)
    return branches if beside is None or len(_Branches(beside)) != len(branches) else _Branches(beside)


class _Branches:
    """The branches of a tree or ntuple by name; a field of a record, `Electron.pt`, is called `Electron_pt` as well."""

    def __init__(self, tree: Any) -> None:  # noqa: ANN401 - of uproot
        self.tree = tree
        names = {path.rpartition("/")[2]: path for path in tree.keys()}  # noqa: SIM118 - no mapping
        self.names = {name.replace(".", "_"): path for name, path in names.items()} | names

    def __len__(self) -> int:
        return int(self.tree.num_entries)

    def values(self, name: str, start: int, stop: int) -> ak.Array:
        """Lists of numbers, one of any length for each event."""
        array = self.tree[self.names[name]].array(entry_start=start, entry_stop=stop)
        # NanoAOD has one MET, not a list of one
        return ak.from_regular(array if array.ndim > 1 else array[:, None])

    def numbers(self, name: str, start: int, stop: int) -> Shaped[np.ndarray, " n"]:
        """One number for each event; Delphes keeps a list of one."""
        array = self.tree[self.names[name]].array(entry_start=start, entry_stop=stop)
        numbers: Shaped[np.ndarray, " n"] = ak.to_numpy(array if array.ndim == 1 else array[:, 0])
        return numbers


def _objects(branches: _Branches, layout: BranchLayout, start: int, stop: int) -> dict[str, Momenta]:
    def values(branch: str) -> ak.Array:
        return branches.values(branch, start, stop)

    none = ak.Array([[]] * (stop - start))
    objects: dict[str, Momenta] = {}
    for kind, collections in layout.collections.items():
        if not collections:
            objects[kind] = (none, none, none)
            continue
        pt, eta, phi = zip(*(_momenta(collection, values) for collection in collections), strict=True)
        objects[kind] = (ak.concatenate(pt, axis=1), ak.concatenate(eta, axis=1), ak.concatenate(phi, axis=1))
    return objects


def _momenta(collection: Collection, values: Callable[[str], ak.Array]) -> Momenta:
    pt, phi = values(collection.pt), values(collection.phi)
    eta = values(collection.eta) if collection.eta else ak.zeros_like(pt)
    taken = ak.ones_like(pt, dtype=bool)
    for branch, wanted in collection.required.items():
        taken = taken & (values(branch) == wanted)
    return pt[taken], eta[taken], phi[taken]
