"""Make pseudo-anomalies of a file of background jets into another file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Shaped

from offshell.errors import InputError
from offshell.io.jets.reading import read_jets
from offshell.io.store import JetArrays, write_jets
from offshell.pseudo_anomalies.named import Family
from offshell.pseudo_anomalies.pool import JETS_OF_POOL
from offshell.pseudo_anomalies.production import iter_jets
from offshell.samples.names import file_named
from offshell.simulate.progress import with_progress

__all__ = ["make_pseudo_anomalies"]


def make_pseudo_anomalies(
    *,
    background: str,
    n_jets: int,
    families: Sequence[Family],
    prongs: Sequence[int],
    mass: tuple[float, float],
    radius: float | None,
    seed: int,
    path: Path,
) -> None:
    """Make pseudo-anomalies into an HDF5 file, with a progress bar on standard error.

    The file holds `constituents` as every file of jets, and for each jet the name of its `family`, the number of partons
    `n_prongs`, and their `mass` in GeV.

    Args:
        background: a file of jets, `PATH[:LABEL]`, of which the first 12,000 are used.
        n_jets: to make.
        families: of pseudo-anomalies.
        prongs: numbers of prongs of the families that have some.
        mass: range in GeV.
        radius: of the jets; None takes it from the background.
        seed: see `offshell.pseudo_anomalies.jets`.
        path: the file to write; it appears only when it is complete.

    Raises:
        InputError: if the background cannot be read or is no file, a number is out of range, or the file cannot be written.
    """
    jets = _background(background, path)

    def labeled() -> Iterator[JetArrays]:
        chunks = iter_jets(
            jets, n_jets, prongs=prongs, mass=mass, families=families, radius=radius, seed=seed
        )
        for chunk in with_progress(chunks, n_jets, title="Making pseudo-anomalies", unit="jets"):
            columns = {**vars(chunk), "family": chunk.family.astype("S")}
            yield JetArrays(columns.pop("constituents"), columns)

    attributes = {
        "background": background,
        "seed": seed,
        "mass": mass,
        "prongs": prongs,
        "families": [family.__name__ for family in families],
    }
    write_jets(path, labeled(), attributes=attributes)


def _background(name: str, out: Path) -> Shaped[np.ndarray, "n 200 4"]:
    file = file_named(name, "jets")
    if file is None:
        raise InputError(
            f"{name} is a process. Expected: a file of jets, as offshell simulate jets {name} writes. Received: {name!r}."
        )
    jets = read_jets(file.path, label=file.label, stop=JETS_OF_POOL)
    if out.exists() and out.samefile(file.path):
        raise InputError(
            f"{out} would be overwritten. Expected: another file than the background. Received: the same."
        )
    return jets
