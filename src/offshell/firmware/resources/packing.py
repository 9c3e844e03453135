"""Look-up tables of a netlist, put together two in one as a LUT6 of UltraScale+ allows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Lut", "luts_of", "packed"]

_LUT_TYPES = {"INV", *(f"LUT{n}" for n in range(1, 7))}
_MOST_SHARED_INPUTS = 5
# A net with more readers (a constant, a saturation flag) says nothing about who belongs together.
_MOST_READERS = 200


class Lut(NamedTuple):
    """One function of up to six inputs."""

    inputs: frozenset[int]
    """Numbers of its nets; constants are none."""
    feeds_carry: bool
    """Whether its output selects in a carry chain, which takes the output O6 of a LUT6."""


def luts_of(cells: Mapping[str, Mapping[str, Any]]) -> list[Lut]:
    """The look-up tables among the cells of a module in Yosys' JSON; an inverter is one of one input."""
    selects = {net for cell in cells.values() if cell["type"] == "CARRY4" for net in cell["connections"]["S"]}
    found = [cell["connections"] for cell in cells.values() if cell["type"] in _LUT_TYPES]
    return [Lut(_input_nets(connections), connections["O"][0] in selects) for connections in found]


def packed(luts: Sequence[Lut]) -> int:
    """How many LUT6 hold these functions.

    A LUT6 (LUT6_2 of UG574) gives two functions, O5 and O6, if they have no more than five inputs between them. Two are put
    together only if they share a net, as a tool does that also has to place them, and if not both feed a carry chain. The
    partner with most inputs in common is taken, largest functions first: nothing is tried twice, so the number is
    an upper limit of what can be reached.
    """
    readers = _readers(luts)
    free = set(range(len(luts)))
    n_pairs = 0
    for i in sorted(free, key=lambda i: -len(luts[i].inputs)):
        if i not in free:
            continue
        free.discard(i)
        partner = _partner(luts, i, readers, free)
        if partner is not None:
            free.discard(partner)
            n_pairs += 1
    return len(luts) - n_pairs


def _input_nets(connections: Mapping[str, Sequence[int | str]]) -> frozenset[int]:
    nets = (net for port, nets in connections.items() if port.startswith("I") for net in nets)
    return frozenset(net for net in nets if isinstance(net, int))


def _readers(luts: Sequence[Lut]) -> dict[int, list[int]]:
    readers = defaultdict(list)
    for i, lut in enumerate(luts):
        for net in lut.inputs:
            readers[net].append(i)
    return {net: found for net, found in readers.items() if len(found) <= _MOST_READERS}


def _partner(luts: Sequence[Lut], i: int, readers: Mapping[int, list[int]], free: set[int]) -> int | None:
    shared = Counter(j for net in luts[i].inputs for j in readers.get(net, ()) if j in free)
    fitting = [j for j in shared if _fit(luts[i], luts[j])]
    return max(fitting, key=lambda j: (shared[j], -j), default=None)


def _fit(first: Lut, second: Lut) -> bool:
    in_one = len(first.inputs | second.inputs) <= _MOST_SHARED_INPUTS
    return in_one and not (first.feeds_carry and second.feeds_carry)
