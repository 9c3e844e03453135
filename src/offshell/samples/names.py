"""What a name means: a process to be simulated, or a file or folder of the user, `PATH[:LABEL]`."""

import logging
import os
from pathlib import Path
from typing import NamedTuple

from offshell.errors import InputError, did_you_mean
from offshell.io.addresses import refuse_address
from offshell.simulate.dijets.processes import DIJET_PROCESSES
from offshell.simulate.generator.processes.of_events import BACKGROUND, BLACK_BOX, EVENT_PROCESSES, ZERO_BIAS
from offshell.simulate.generator.processes.of_jets import PROCESSES

__all__ = ["KINDS", "File", "about_process", "file_named", "refuse_unknown_process"]

log = logging.getLogger(__name__)

KINDS = {
    "jets": tuple(PROCESSES),
    "dijets": tuple(DIJET_PROCESSES),
    "events": (*EVENT_PROCESSES, BACKGROUND, BLACK_BOX, ZERO_BIAS),
}
"""The processes of each kind of sample, which are also the commands that simulate them."""

_SUFFIXES = {".h5", ".hd5", ".hdf5", ".hdf", ".root", ".parquet"}


class File(NamedTuple):
    """A file, or a folder of files, and the label that chooses among its jets."""

    path: Path
    label: str | None = None


def file_named(name: str, kind: str) -> File | None:
    """The file that a name means, whether it is there or not; None if the name is that of a process.

    A file that is there comes first, whatever its suffix and whatever colons its path has; then a process; then a folder,
    which can be written `./qcd` where it is called like a process.

    Raises:
        InputError: if it is an address.
    """
    refuse_address(name)
    head, _, label = name.rpartition(":")
    if _is_file(name):
        if name in KINDS[kind]:
            log.info("%s is the file of this name, not the process.", name)
        return File(Path(name))
    if _is_file(head):
        return File(Path(head), label or None)
    if name in KINDS[kind]:
        return None
    return _missing_or_folder(name, head, label)


def _missing_or_folder(name: str, head: str, label: str) -> File | None:
    if _is_folder(name):
        return File(Path(name))
    if _is_like_a_path(head) and os.sep not in label:
        return File(Path(head), label or None)
    return File(Path(name)) if _is_like_a_path(name) else None


def _is_like_a_path(text: str) -> bool:
    return os.sep in text or Path(text).suffix.lower() in _SUFFIXES or _is_folder(text)


def _is_file(text: str) -> bool:
    return os.path.isfile(text)  # noqa: PTH113 - Path.is_file stumbles over what can be no path


def _is_folder(text: str) -> bool:
    return os.path.isdir(text)  # noqa: PTH112 - as above


def refuse_unknown_process(name: str, kind: str) -> None:
    """Raises InputError with the nearest process, if one is near, and with the command that simulates it, if it is another."""
    if name in KINDS[kind]:
        return
    expected = ", ".join(KINDS[kind])
    if hint := about_process(name):
        raise InputError(f"{hint} Expected: a process of {kind}: {expected}. Received: {name}.")
    raise InputError(
        f"Unknown process.{did_you_mean(name, KINDS[kind])} Expected: one of {expected}, or a file. Received: {name!r}."
    )


def about_process(name: str) -> str | None:
    """Which command simulates a process of this name or nearly this name; None if there is none.

    Example:
        >>> about_process("a-4l")
        'a-4l is a process of events: offshell simulate events a-4l.'
    """
    for kind, processes in KINDS.items():
        if name.lower() in processes:
            return f"{name.lower()} is a process of {kind}: offshell simulate {kind} {name.lower()}."
    return None
