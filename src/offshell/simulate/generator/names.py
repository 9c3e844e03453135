"""Find a process by the name that a user gives."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

from offshell.errors import InputError

__all__ = ["entry"]

AnyProcess = TypeVar("AnyProcess")


def entry(table: Mapping[str, AnyProcess], name: str, *, mixtures: tuple[str, ...] = ()) -> AnyProcess:
    """The process of a table that has this name.

    Args:
        table: Processes by name.
        name: What the user gave.
        mixtures: Names that the user may give but that are no single process, for the message.

    Raises:
        InputError: There is no such process; the message names the nearest one and lists all.
    """
    if name in table:
        return table[name]
    known = (*table, *mixtures)
    nearest = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.0)[0]
    raise InputError(
        f"Unknown process. Did you mean {nearest!r}? Expected: one of {', '.join(known)}. Received: {name!r}."
    )
