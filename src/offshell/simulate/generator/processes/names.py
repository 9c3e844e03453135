"""Find a process by the name that a user gives."""

from collections.abc import Mapping
from typing import TypeVar

from offshell.errors import InputError, did_you_mean

__all__ = ["entry"]

AnyProcess = TypeVar("AnyProcess")


def entry(table: Mapping[str, AnyProcess], name: str, *, mixtures: tuple[str, ...] = ()) -> AnyProcess:
    """The process of a table that has this name.

    Args:
        table: Processes by name.
        name: What the user gave.
        mixtures: Names that the user may give but that are no single process, for the message.

    Raises:
        InputError: There is no such process; the message lists all, and asks for one that is near.
    """
    if name in table:
        return table[name]
    known = (*table, *mixtures)
    raise InputError(
        f"Unknown process.{did_you_mean(name, known)} Expected: one of {', '.join(known)}. Received: {name!r}."
    )
