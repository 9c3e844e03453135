"""The proof of a design: every way of computing it gives the same integers as Keras, or the command fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from offshell.errors import FirmwareError
from offshell.firmware.trigger.vectors import Vectors

__all__ = ["Way", "prove"]

Integers = Int64[np.ndarray, "n inputs"]
Decisions = Int64[np.ndarray, "n 2"]


@dataclass(frozen=True)
class Way:
    """A way of computing a design.

    Attributes:
        compute: From integers to scores and bits.
        place: Says in a sentence where in the design an event, `(1, inputs)`, goes wrong; `None` if nobody knows.
    """

    compute: Callable[[Integers], Decisions]
    place: Callable[[Integers], str] | None = None


def prove(vectors: Vectors, ways: Mapping[str, Way], *, expected: Decisions) -> dict[str, int]:
    """Compare every way with what is expected, bit for bit.

    Args:
        vectors: the inputs.
        ways: of computing the design, by name.
        expected: scores and bits.

    Returns:
        How many vectors agreed, by name of the way.

    Raises:
        FirmwareError: with the first vector that differs, and where it does.
    """
    for name, way in ways.items():
        found = way.compute(vectors.integers)
        differing = np.flatnonzero((found != expected).any(axis=1))
        if len(differing):
            first = int(differing[0])
            place = way.place(vectors.integers[first : first + 1]) if way.place else ""
            raise FirmwareError(
                f"{name} differs in {len(differing):,} of {len(expected):,} vectors. Expected: score and bit "
                f"{expected[first].tolist()} for {_origin(vectors, first)}. Received: {found[first].tolist()}. {place}".strip()
            )
    return dict.fromkeys(ways, len(expected))


def _origin(vectors: Vectors, number: int) -> str:
    """Which vector it is, such as "background 17"."""
    ends = np.cumsum(list(vectors.origins.values()))
    place = int(np.searchsorted(ends, number, side="right"))
    origin, count = list(vectors.origins.items())[place]
    return f"{origin} {number - int(ends[place]) + count}"
