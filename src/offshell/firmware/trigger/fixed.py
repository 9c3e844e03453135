"""Fixed-point numbers: integers on wires, and what they stand for."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64

__all__ = ["Fixed", "formats_of"]


@dataclass(frozen=True)
class Fixed:
    """A fixed-point format: multiples of a power of two in a range that is a power of two.

    Attributes:
        signed: Whether there is a sign bit (two's complement).
        integer: Bits before the binary point, without the sign.
        fraction: Bits after it; negative for multiples of 2, 4, ...
    """

    signed: bool
    integer: int
    fraction: int

    @property
    def bits(self) -> int:
        """How many wires it takes."""
        return self.signed + self.integer + self.fraction

    @property
    def lowest(self) -> int:
        """The lowest integer on the wires."""
        return -int(2 ** (self.bits - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        """The highest integer on the wires."""
        return int(2 ** (self.bits - self.signed) - 1)

    def integers(self, values: Float[np.ndarray, "..."]) -> Int64[np.ndarray, "..."]:
        """The integers that stand for real numbers: rounded half up, saturated."""
        counts = np.floor(np.asarray(values, np.float64) * 2.0**self.fraction + 0.5)
        return np.clip(counts, self.lowest, self.highest).astype(np.int64)

    def values(self, integers: Int64[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """The real numbers that integers stand for."""
        return np.asarray(integers, np.float64) * 2.0**-self.fraction

    def rounded(self, values: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """The nearest real numbers that the format can hold."""
        return self.values(self.integers(values))


def formats_of(kifs: Int64[np.ndarray, "3 elements"]) -> tuple[Fixed, ...]:
    """Formats from rows of signs, integer bits and fraction bits, as the compiler lists them."""
    return tuple(
        Fixed(bool(signed), int(integer), int(fraction))
        for signed, integer, fraction in zip(*kifs, strict=True)
    )
