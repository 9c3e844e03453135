"""Waveforms that simulators write: value change dumps (IEEE 1364-2005, section 18)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from offshell.errors import InputError

__all__ = ["at_rising_edges", "before", "read_vcd"]

Changes = Sequence[tuple[int, int | None]]
"""Times in rising order, and the number on the wires from then on; `None` while a wire is unknown."""


def read_vcd(path: Path) -> dict[str, Changes]:
    """The signals of a waveform by their names with dots, such as `trigger_tb.clk`.

    Args:
        path: A dump as text.

    Returns:
        The changes of each signal; times are in units of the dump.

    Raises:
        InputError: If it cannot be read or is no such dump.
    """
    try:
        tokens = iter(path.read_text().split())
        names = _declared(tokens)
        changes = _changes(tokens)
    except (OSError, UnicodeDecodeError, ValueError, StopIteration) as error:
        raise InputError(
            f"Cannot read the waveform {path}. Expected: a VCD file. Received: {error!r}."
        ) from None
    return {name: changes.get(code, []) for name, code in names.items()}


def at_rising_edges(
    signals: Mapping[str, Changes], clock: str
) -> tuple[list[int], dict[str, list[int | None]]]:
    """What each signal was just before every rising edge of a clock: what a register takes.

    Args:
        signals: What `read_vcd` returns.
        clock: The name of the clock.

    Returns:
        The times of the edges, and a number for each signal and edge.
    """
    edges = [time for time, level in signals[clock] if level == 1]
    return edges, {name: before(changes, edges) for name, changes in signals.items()}


def before(changes: Changes, times: Sequence[int]) -> list[int | None]:
    """What a signal was just before some times, which are in rising order; `None` before its first change."""
    found: list[int | None] = []
    position, value = 0, None
    for time in times:
        while position < len(changes) and changes[position][0] < time:
            value = changes[position][1]
            position += 1
        found.append(value)
    return found


def _declared(tokens: Iterator[str]) -> dict[str, str]:
    """Codes by names; the tokens are left at the first that follows the declarations."""
    names, scopes = {}, []
    for token in tokens:
        if token == "$scope":
            scopes.append(_until_end(tokens)[1])
        elif token == "$upscope":
            scopes.pop()
        elif token == "$var":
            _, _, code, name, *_ = _until_end(tokens)
            names[".".join([*scopes, name])] = code
        elif token == "$enddefinitions":
            return names
    raise ValueError("it declares no signals")


def _until_end(tokens: Iterator[str]) -> list[str]:
    found = []
    while (token := next(tokens)) != "$end":
        found.append(token)
    return found


def _changes(tokens: Iterator[str]) -> dict[str, list[tuple[int, int | None]]]:
    """Times and numbers by codes."""
    changes: dict[str, list[tuple[int, int | None]]] = {}
    time = 0
    for token in tokens:
        if token[0] == "#":
            time = int(token[1:])
        elif token[0] in "bB":
            changes.setdefault(next(tokens), []).append((time, _number(token[1:])))
        elif token[0] in "01xXzZ":
            changes.setdefault(token[1:], []).append((time, _number(token[0])))
    return changes


def _number(digits: str) -> int | None:
    return None if set(digits) & set("xXzZ") else int(digits, 2)
