"""Refuse HDF5 data sets of which a part is not there: the HDF5 library reads what is absent as zeros, without a word."""

import math
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np

from offshell.errors import InputError

__all__ = ["refuse_absent"]

_SAME_FILE = "."


def refuse_absent(path: Path, dataset: h5py.Dataset) -> None:
    """Raises `InputError` if a part of a data set was never written or lies in a file that is not there.

    That may be a part that nobody wrote, a source of a virtual data set that is missing or shorter than what is taken
    from it, a range that no source is mapped to, or an external file of raw numbers.

    Args:
        path: The file, which the error names.
        dataset: A data set in it.
    """
    absent = next(_absent_parts(path, dataset), None)
    if absent:
        name = dataset.name.lstrip("/")
        raise InputError(
            f"{path}: a part of {name} is absent and would read as zeros. Expected: all of its {len(dataset)} rows. "
            f"Received: {absent}."
        )


def _absent_parts(path: Path, dataset: h5py.Dataset) -> Iterator[str]:
    if dataset.size == 0:
        return
    if dataset.is_virtual:
        yield from _unmapped(dataset)
        for mapping in dataset.virtual_sources():
            yield from _missing_source(path, dataset, mapping)
    elif dataset.external:
        yield from _missing_raw_files(dataset)
    elif _is_unwritten(dataset):
        yield "rows that were never written"


def _is_unwritten(dataset: h5py.Dataset) -> bool:
    if dataset.chunks:
        return bool(dataset.id.get_num_chunks() < _n_chunks(dataset))
    return bool(dataset.id.get_space_status() == h5py.h5d.SPACE_STATUS_NOT_ALLOCATED)


def _n_chunks(dataset: h5py.Dataset) -> int:
    return math.prod(-(-size // part) for size, part in zip(dataset.shape, dataset.chunks, strict=True))


def _unmapped(dataset: h5py.Dataset) -> Iterator[str]:
    """Rows that no source is mapped to; ranges that reach over a part of a row only are added up."""
    filled = np.zeros(len(dataset))
    for mapping in dataset.virtual_sources():
        (first, *_), (last, *_) = mapping.vspace.get_select_bounds()
        filled[first : last + 1] += mapping.vspace.get_select_npoints() / (last + 1 - first)
    lacking = np.flatnonzero(filled < math.prod(dataset.shape[1:]))
    if len(lacking):
        yield f"no source for {len(lacking)} of them, the first of which is {lacking[0]}"


def _missing_source(path: Path, dataset: h5py.Dataset, mapping: "h5py._hl.vds.VDSmap") -> Iterator[str]:
    if mapping.file_name == _SAME_FILE:
        yield from _missing_in(path, dataset.file, mapping)
        return
    places = [path.parent / mapping.file_name, Path(mapping.file_name)]
    source = next((place for place in places if place.is_file()), None)
    if source is None:
        yield f"its source {mapping.file_name} is not there"
        return
    try:
        with h5py.File(source) as file:
            yield from _missing_in(source, file, mapping)
    except OSError:
        yield f"its source {source} is damaged"


def _missing_in(source: Path, file: h5py.File, mapping: "h5py._hl.vds.VDSmap") -> Iterator[str]:
    found = file.get(mapping.dset_name)
    if not isinstance(found, h5py.Dataset):
        yield f"its source {source} has no {mapping.dset_name}"
        return
    if not _holds(found, mapping):
        yield f"its source {source} has only {len(found)} rows"
    yield from _absent_parts(source, found)


def _holds(source: h5py.Dataset, mapping: "h5py._hl.vds.VDSmap") -> bool:
    if mapping.src_space.get_select_type() != h5py.h5s.SEL_HYPERSLABS:
        return bool(source.size >= mapping.vspace.get_select_npoints())
    _, last = mapping.src_space.get_select_bounds()
    return all(end < size for end, size in zip(last, source.shape, strict=True))


def _missing_raw_files(dataset: h5py.Dataset) -> Iterator[str]:
    for name, offset, size in dataset.external:
        expected = offset + (dataset.nbytes if size == h5py.h5f.UNLIMITED else size)
        place = Path(name)
        if not place.is_file():
            yield f"its raw file {name} is not there"
        elif place.stat().st_size < expected:
            yield f"its raw file {name} has {place.stat().st_size} of {expected} bytes"
