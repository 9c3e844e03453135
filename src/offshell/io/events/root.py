"""Read events from ROOT files with uproot (Pivarski et al., doi:10.5281/zenodo.4340632)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import awkward as ak

from offshell.errors import InputError, from_extra
from offshell.io import defects
from offshell.io.events.branches import BranchLayout, Collection, known_layout
from offshell.io.events.packing import Momenta, packed
from offshell.io.events.source import CHUNK, EventFile, Events, EventSource

__all__ = ["open_root"]

_TREES = ("Delphes", "Events", "l1UpgradeTree/L1UpgradeTree", "l1UpgradeEmuTree/L1UpgradeTree")
# What the trigger sent comes before what its emulator makes of the same events.


@contextmanager
def open_root(path: Path) -> Iterator[EventFile]:
    """Opens a ROOT file of events; `offshell.io.events.branches` says which branches are what.

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
            tree, layout = _known_tree(path, file)
            source = EventSource(path, layout.name, int(tree.num_entries))

        def chunks(start: int, stop: int) -> Iterator[Events]:
            for first in range(start, stop, CHUNK):
                with defects.reported(path, kind="ROOT"):
                    objects = _objects(tree, layout, first, min(first + CHUNK, stop))
                    events = packed(objects, source=str(path))
                yield events

        yield EventFile(source, chunks)


def _known_tree(path: Path, file: Any) -> tuple[Any, BranchLayout]:  # noqa: ANN401 - of uproot
    present = file.keys(cycle=False)
    names = [name for name in _TREES if name in present]
    if not names:
        raise InputError(
            f"{path}: no known tree. Expected: one of {', '.join(_TREES)}. Received: {', '.join(present) or 'none'}."
        )
    tree = file[names[0]]
    return tree, known_layout(names[0], frozenset(tree.keys(full_paths=False)), source=str(path))


def _objects(tree: Any, layout: BranchLayout, start: int, stop: int) -> dict[str, Momenta]:  # noqa: ANN401 - of uproot
    def values(branch: str) -> ak.Array:
        array = tree[branch].array(entry_start=start, entry_stop=stop)
        return ak.from_regular(
            array if array.ndim > 1 else array[:, None]
        )  # NanoAOD has one MET, not a list of one

    objects = {}
    for kind, collections in layout.collections.items():
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
