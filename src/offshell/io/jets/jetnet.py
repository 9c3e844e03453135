"""The layout of JetNet (Kansal et al., arXiv:2106.11535, Zenodo 6975118 and 6975117), read and written.

`particle_features` (n, 30, 4) are `eta_rel, phi_rel, pt_rel, mask`, or (n, 150, 4) in the larger record, `jet_features`
(n, 4) are `pt, eta, mass, num_particles`, as `jetnet.datasets.JetNet` (version 0.2.5) expects them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float

from offshell import __version__
from offshell.errors import InputError
from offshell.inputs import clouds, substructure
from offshell.io.absent import refuse_absent
from offshell.io.growing import checked_length, empty_dataset
from offshell.io.jets.source import JetFile
from offshell.io.new_hdf5 import new_hdf5

__all__ = ["is_jetnet", "open_jetnet", "write_jetnet"]

_PARTICLES, _JETS = "particle_features", "jet_features"
_PARTICLE_COLUMNS, _JET_COLUMNS = "eta_rel, phi_rel, pt_rel, mask", "pt, eta, mass, num_particles"
_JETS_PER_CHUNK = 1024


def is_jetnet(file: h5py.File) -> bool:
    """Whether an open file has this layout."""
    return _PARTICLES in file


def open_jetnet(path: Path, file: h5py.File) -> JetFile:
    """Returns the jets of an open file, massless particles of jets with phi = 0 and the pt and eta of `jet_features`.

    Particles beyond those in the file are missing, so that the pt and the mass of the jets are a little below those in
    `jet_features`, and clouds that are made of them are relative to the sum of the particles in the file.

    Args:
        path: The file, for errors.
        file: The same, open.

    Raises:
        InputError: If a data set is missing or has another shape or type. Later, when rows are read: if they are not
            finite, a pt_rel is negative, or the mask holds something else than 0 and 1.
    """
    particles, jets = (_checked(path, file, name) for name in (_PARTICLES, _JETS))
    match particles.shape, jets.shape:
        case (n_jets, n_particles, 4), (same, 4) if n_particles > 0 and same == n_jets:
            pass
        case shapes:
            raise InputError(
                f"{path}: wrong shapes. Expected: {_PARTICLES} (n, particles, 4) and {_JETS} (n, 4). "
                f"Received: {shapes[0]} and {shapes[1]}."
            )

    def constituents(start: int, stop: int) -> Float[np.ndarray, "n particles 4"]:
        pt, eta = jets[start:stop, :2].T
        try:
            return clouds.to_jets(particles[start:stop], pt=pt, eta=eta)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error

    return JetFile(path, n_jets, constituents, labels=None)


def write_jetnet(
    path: str | Path,
    chunks: Iterable[Float[np.ndarray, "chunk particles 4"]],
    *,
    attributes: Mapping[str, str | int | float],
) -> int:
    """Writes the 30 leading particles of jets in the layout of JetNet.

    Chunk by chunk, so that memory does not grow with the number of jets. The pt, eta and mass of a jet are those of all
    its particles, also of those that are not kept; num_particles counts those that are. The azimuth of the jets and the
    masses of their particles are not kept.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Arrays of jets, (n, particles, 4) `E, px, py, pz` in GeV; n may differ and may be 0.
        attributes: What the jets are (process, seed, detector, ...), kept as attributes of the file next to
            `offshell_version`, the names of the columns and `units`.

    Returns:
        The number of jets written.

    Raises:
        InputError: If a chunk is no array of jets, if there is no jet at all, or if `path` cannot be written.
    """
    with new_hdf5(path) as new:
        columns = {f"{_PARTICLES}_columns": _PARTICLE_COLUMNS, f"{_JETS}_columns": _JET_COLUMNS}
        new.file.attrs.update(attributes, offshell_version=__version__, units="GeV, radians", **columns)
        particles = empty_dataset(
            new.file, _PARTICLES, (clouds.N_PARTICLES, 4), rows_per_chunk=_JETS_PER_CHUNK
        )
        features = empty_dataset(new.file, _JETS, (4,), rows_per_chunk=_JETS_PER_CHUNK)
        for chunk in chunks:
            if len(chunk):
                cloud = clouds.relative(chunk)
                new.append(particles, cloud)
                new.append(features, _features(chunk, cloud))
        return checked_length(particles, path)


def _checked(path: Path, file: h5py.File, name: str) -> h5py.Dataset:
    dataset = file.get(name)
    if not isinstance(dataset, h5py.Dataset):
        received = "no such key" if dataset is None else "a group"
        raise InputError(f"{path}: no {name}. Expected: a data set, as in JetNet. Received: {received}.")
    if dataset.dtype.kind != "f":
        raise InputError(f"{path}: wrong type of {name}. Expected: float32. Received: {dataset.dtype}.")
    refuse_absent(path, dataset)
    return dataset


def _features(
    jets: Float[np.ndarray, "n particles 4"], cloud: Float[np.ndarray, "n kept 4"]
) -> Float[np.ndarray, "n 4"]:
    pt, pz = substructure.pt(jets), jets[..., 3].sum(axis=1, dtype=np.float64)
    columns = (pt, np.arcsinh(pz / pt), substructure.mass(jets), cloud[..., -1].sum(axis=1))
    return np.stack(columns, axis=1).astype(np.float32)
