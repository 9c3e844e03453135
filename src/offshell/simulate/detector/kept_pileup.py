"""A library of pile-up is simulated once on a machine and kept in its cache folder, for all workers and later runs."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pooch
from jaxtyping import Shaped

from offshell.errors import InputError
from offshell.io.replacing import replacing

__all__ = ["cache_folder", "kept"]

Arrays = Mapping[str, Shaped[np.ndarray, "..."]]

_CODE = Path(__file__).resolve().parents[1]


def cache_folder() -> Path:
    """Where libraries are kept: `offshell/pileup` in the cache folder of the system (`XDG_CACHE_HOME` on Linux)."""
    return Path(pooch.os_cache("offshell")) / "pileup"


def kept(settings: object, simulate: Callable[[], Arrays]) -> Arrays:
    """What was simulated with these settings and this code, from the cache folder, or now; once if several ask.

    Args:
        settings: All that decides what is simulated, with a `repr` that says it.
        simulate: Makes it. Where nothing can be written, each process calls it.
    """
    path = cache_folder() / f"{_key(settings)}.npz"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(path.with_suffix(".lock")):
            found = _read(path)
            if found is None:
                found = simulate()
                with replacing(path) as temporary:
                    np.savez(temporary, **found)  # type: ignore[arg-type]  # no array is called allow_pickle
            return found
    except (PermissionError, InputError, FileExistsError, NotADirectoryError):
        return simulate()


def _key(settings: object) -> str:
    """Changes with the settings, the generator and the code of generator and detector."""
    code = b"".join(path.read_bytes() for path in sorted(_CODE.glob("[dg]*/*.py")))
    hashed = blake2b(code, digest_size=16)
    hashed.update(repr((settings, version("pythia8mc"), version("numpy"))).encode())
    return hashed.hexdigest()


def _read(path: Path) -> Arrays | None:
    """None if it is not there or damaged."""
    try:
        with path.open("rb") as file, np.load(file) as found:
            return dict(found)
    except (FileNotFoundError, BadZipFile, ValueError, EOFError):
        return None


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
