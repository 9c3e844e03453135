"""C++ expressions of integers that stand for fixed-point numbers, with the range that each can take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Expression", "Wires", "added"]


@dataclass(frozen=True)
class Expression:
    """An integer that counts steps of `2**-fraction`.

    Attributes:
        text: C++.
        fraction: Bits after the binary point.
        low: The lowest value it can take.
        high: The highest.
        largest_part: The largest magnitude that a part of it can take.
    """

    text: str
    fraction: int
    low: int
    high: int
    largest_part: int = 0

    @property
    def largest(self) -> int:
        """The largest magnitude that it or a part of it can take."""
        return max(-self.low, self.high, self.largest_part)

    def at(self, fraction: int) -> "Expression":
        """The same number in other steps, rounded down."""
        shift = self.fraction - fraction
        if shift == 0:
            return self
        if shift > 0:
            text = f"({self.text} >> {shift})"
            return Expression(text, fraction, self.low >> shift, self.high >> shift, self.largest)
        factor = 1 << -shift
        text = f"({self.text} * {factor})"
        return Expression(text, fraction, self.low * factor, self.high * factor, self.largest)

    def scaled(self, exponent: int) -> "Expression":
        """`2**exponent` times the number: the same integer in other steps."""
        return replace(self, fraction=self.fraction - exponent)


@dataclass(frozen=True)
class Wires:
    """Where the result of an operation stands: as many wires as its range needs.

    Attributes:
        signed: Whether in two's complement.
        bits: How many.
        fraction: How many of them are after the binary point.
        low: The lowest integer that can stand there.
        high: The highest.
    """

    signed: bool
    bits: int
    fraction: int
    low: int
    high: int

    @classmethod
    def of(cls, interval: Any) -> "Wires":  # noqa: ANN401 - alkaid's QInterval, which only the compiler's file imports
        """The wires for the numbers of an interval `min, max, step`."""
        signed, integer, fraction = interval.kif
        low, high = (round(edge * 2.0**fraction) for edge in (interval.min, interval.max))
        return cls(bool(signed), signed + integer + fraction, fraction, low, high)

    def expression(self, text: str) -> Expression:
        """What stands on the wires, by a name or a formula."""
        return Expression(text, self.fraction, self.low, self.high)

    def wrapped(self, value: Expression) -> Expression:
        """What the wires keep of a number: all of it if it fits, else its lowest bits."""
        value = value.at(self.fraction)
        half = 1 << self.bits - 1 if self.signed else 0
        if -half <= value.low and value.high < (1 << self.bits) - half:
            return value
        text = f"({value.text} & {(1 << self.bits) - 1})"
        if self.signed:
            text = f"((({value.text} + {half}) & {(1 << self.bits) - 1}) - {half})"
        return Expression(text, self.fraction, self.low, self.high, value.largest + half)


def added(terms: Sequence[tuple[Expression, bool]]) -> Expression:
    """The sum of some numbers and of the negatives of others, in the finest of their steps.

    Args:
        terms: Each number, and whether it is added.
    """
    fraction = max(value.fraction for value, _ in terms)
    parts = [(value.at(fraction), plus) for value, plus in terms]
    text = " ".join(f"{'+' if plus else '-'} {part.text}" for part, plus in parts).removeprefix("+ ")
    low = sum(part.low if plus else -part.high for part, plus in parts)
    high = sum(part.high if plus else -part.low for part, plus in parts)
    return Expression(f"({text})", fraction, low, high, sum(part.largest for part, _ in parts))
