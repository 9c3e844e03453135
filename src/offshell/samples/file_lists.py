"""Several files in few words: globs, lists and folders."""

from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path

from offshell.errors import InputError
from offshell.io.addresses import refuse_address
from offshell.samples.names import File, file_named

__all__ = ["files_named"]

_LIST = "@"
_SUFFIXES = (".h5", ".hdf5", ".root", ".parquet")


def files_named(names: Iterable[str], kind: str) -> list[File]:
    """The files that some names mean, each once, in order.

    Args:
        names: Each a file, `PATH[:LABEL]`, a glob such as `"data/*.root"`, `"@list.txt"` for the names in a text file (one in
            a line, lines that start with # are left out), or a folder with files in it.
        kind: "jets" or "events".

    Raises:
        InputError: If a name is that of no file, or a list or glob means none.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ("b.root", "a.root", "note.txt"):
        ...     (folder / name).touch()
        >>> [file.path.name for file in files_named([str(folder)], "events")]
        ['a.root', 'b.root']
    """
    found = list(dict.fromkeys(file for name in names for file in _meant(name, kind)))
    if not found:
        raise InputError("There is nothing to read. Expected: at least one file. Received: none.")
    return found


def _meant(name: str, kind: str) -> Iterator[File]:
    refuse_address(name)
    if name.startswith(_LIST) and not Path(name).exists():
        yield from _listed(Path(name.removeprefix(_LIST)), kind)
    elif has_magic(name) and not Path(name).exists():
        yield from _matching(name)
    elif Path(name).is_dir():
        yield from _within(Path(name))
    else:
        yield _file(name, kind)


def _listed(path: Path, kind: str) -> Iterator[File]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(
            f"Cannot read {path}. Expected: a list of files. Received: {error.strerror}."
        ) from error
    names = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not names:
        raise InputError(f"{path} is empty. Expected: the name of a file in each line. Received: none.")
    for name in names:
        yield from _meant(name, kind)


def _matching(pattern: str) -> Iterator[File]:
    paths = sorted(glob(pattern, recursive=True))  # noqa: PTH207 - the pattern may be absolute
    if not paths:
        raise InputError(f"No file matches {pattern}. Expected: at least one. Received: none.")
    for path in map(Path, paths):
        yield from _within(path) if path.is_dir() else [File(path)]


def _within(folder: Path) -> Iterator[File]:
    """The files in a folder; the folder itself if it has none, as samples that consist of folders."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    yield from map(File, paths or [folder])


def _file(name: str, kind: str) -> File:
    file = file_named(name, kind)
    if file is None or not file.path.exists():
        raise InputError(f"Cannot read {name}. Expected: a file of {kind}. Received: no such file.")
    return file
