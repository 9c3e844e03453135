"""What tells whether something that was compiled can be used again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from offshell.errors import InputError

__all__ = ["fingerprint"]


def fingerprint(sources: Iterable[Path], context: object, *, kind: str) -> str:
    """A short name that changes with names and contents of sources, and with what else a build depends on.

    Args:
        sources: every file that is compiled.
        context: tools and their arguments; its `repr` counts.
        kind: the language of the sources, for the complaint.

    Raises:
        InputError: if a source cannot be read.
    """
    digest = hashlib.sha256(repr(context).encode())
    for path in sources:
        digest.update(path.name.encode() + _content(path, kind))
    return digest.hexdigest()[:16]


def _content(path: Path, kind: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"Cannot read {path}. Expected: {kind} of a design. Received: {error.strerror}."
        ) from None
