"""Write files that are either complete or not there, and write jets as they come."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float

from offshell import __version__
from offshell.errors import InputError

__all__ = ["N_CONSTITUENTS", "replacing", "write_jets"]

N_CONSTITUENTS = 200
"""Constituents that a jet keeps, as in the Top Tagging reference set (Kasieczka et al., arXiv:1902.09914)."""

_JETS_PER_CHUNK = 256


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; what is written there replaces `path` when the block ends well.

    After an exception or Ctrl-C, `path` is as it was and the temporary file is gone. The temporary name keeps
    the suffix, because many writers choose their format by it.

    Args:
        path: The file to be written; its folder is made when missing.

    Yields:
        The temporary path to write to; an empty file is already there.

    Raises:
        InputError: If no file can be written at `path`.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "runs" / "note.txt"
        >>> with replacing(target) as temporary:
        ...     _ = temporary.write_text("done")
        >>> target.read_text()
        'done'
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    _reserve(path, temporary)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_jets(
    path: str | Path,
    chunks: Iterable[Float[np.ndarray, "chunk 200 4"]],
    *,
    attributes: Mapping[str, str | int | float],
) -> int:
    """Writes jets to an HDF5 file chunk by chunk, so that memory does not grow with their number.

    The file holds one data set, `constituents`, (n, 200, 4) float32 `E, px, py, pz` in GeV.

    Args:
        path: The file to write; it appears only when all chunks are in.
        chunks: Arrays of jets, (n, 200, 4) each; n may differ and may be 0.
        attributes: What the jets are (process, seed, detector, ...), kept as attributes of the file next to
            `offshell_version`, `columns` and `units`.

    Returns:
        The number of jets written.

    Raises:
        InputError: If a chunk has another shape, if there is no jet at all, or if `path` cannot be written.
    """
    with replacing(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs.update(attributes, offshell_version=__version__, columns="E, px, py, pz", units="GeV")
        dataset = _empty_dataset(file)
        for chunk in chunks:
            _append(dataset, np.asarray(chunk, dtype=np.float32))
        n_jets = len(dataset)
        if n_jets == 0:
            raise InputError(f"No jets to write to {path}. Expected: at least one. Received: 0.")
    return n_jets


def _reserve(path: Path, temporary: Path) -> None:
    if path.is_dir():
        raise InputError(f"Cannot write {path}. Expected: the name of a file. Received: an existing folder.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"Cannot write {path}. Expected: a folder to write in. Received: {reason}."
        ) from error


def _empty_dataset(file: h5py.File) -> h5py.Dataset:
    # gzip is read by every HDF5 tool and the zero padding shrinks to a fifth even at level 1; LZF would save
    # 7 us per jet (of milliseconds to simulate one) but is h5py's own.
    return file.create_dataset(
        "constituents",
        shape=(0, N_CONSTITUENTS, 4),
        maxshape=(None, N_CONSTITUENTS, 4),
        chunks=(_JETS_PER_CHUNK, N_CONSTITUENTS, 4),
        dtype=np.float32,
        compression="gzip",
        compression_opts=1,
    )


def _append(dataset: h5py.Dataset, jets: Float[np.ndarray, "chunk 200 4"]) -> None:
    if jets.shape[1:] != dataset.shape[1:]:
        expected = f"(n, {N_CONSTITUENTS}, 4)"
        raise InputError(f"Jets have the wrong shape. Expected: {expected}. Received: {jets.shape}.")
    start = len(dataset)
    dataset.resize(start + len(jets), axis=0)
    dataset[start:] = jets
