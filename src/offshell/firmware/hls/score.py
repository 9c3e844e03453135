"""The scores of `offshell.firmware.trigger.scores` a second time, in C++ with fixed-point types, so that a proof can compare the two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from jaxtyping import Float, Int64

from offshell.errors import InputError
from offshell.firmware.hls.network import Lanes
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.scores import (
    Direct,
    GaussianKL,
    Radius,
    ScalarSum,
    Score,
    SquaredDistance,
    SquaredNorm,
)

__all__ = ["Head", "Table", "head"]


@dataclass(frozen=True)
class Table:
    """A function of fixed-point numbers as a list.

    Attributes:
        entries: The integers that stand for its values, by the wires of its argument read as an unsigned number.
        form: Of the values.
        argument: Format of the argument.
    """

    entries: Int64[np.ndarray, " entries"]
    form: Fixed
    argument: Fixed


@dataclass(frozen=True)
class Head:
    """A score as a sum of terms that are alike.

    Attributes:
        n_terms: How many.
        term: The term `i` in C++; it can use `scaled`, the outputs of the network `output_0`, ... and what stands below.
        form: Of the sum.
        table: What `looked_up` looks up.
        residual: The format `trigger_residual_t`, which saturates.
        summed: The list `SUMMED`.
        halved: Whether the score is half of the sum.
    """

    n_terms: int
    term: str
    form: Fixed
    table: Table | None = None
    residual: Fixed | None = None
    summed: tuple[int, ...] | None = None
    halved: bool = False


@singledispatch
def head(score: Score, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    """How C++ computes a score.

    Args:
        score: what firmware makes of an event.
        outputs: of the network.
        scaled: format of the scaled inputs.

    Raises:
        InputError: if the score has no C++ form.
    """
    raise InputError(
        f"The score cannot be written in C++. Expected: one of offshell.firmware.trigger.scores. Received: {score!r}."
    )


@head.register
def _(score: SquaredNorm, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    (mean,) = outputs
    form = _up_to(mean.size * _largest_square(mean.form), fraction=2 * mean.form.fraction)
    return Head(mean.size, "squared(output_0[i])", form)


@head.register
def _(score: Radius, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    mean, log_var = outputs
    table = _table(score.table, log_var.form, score.inverse_variance)
    highest = mean.size * _largest_square(mean.form) * int(table.entries.max())
    form = _up_to(highest, fraction=2 * mean.form.fraction + table.form.fraction)
    return Head(mean.size, "squared(output_0[i]) * looked_up(output_1[i])", form, table=table)


@head.register
def _(score: GaussianKL, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    mean, log_var = outputs
    table = _table(score.table, log_var.form, score.width_term)
    finer = 2 * mean.form.fraction - table.form.fraction
    square = _largest_square(mean.form) << max(0, -finer)
    entry = int(table.entries.max()) << max(0, finer)
    fraction = max(2 * mean.form.fraction, table.form.fraction)
    form = _up_to(mean.size * (square + entry), fraction=fraction)
    return Head(mean.size, "squared(output_0[i]) + looked_up(output_1[i])", form, table=table, halved=True)


@head.register
def _(score: SquaredDistance, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    original, restored = ("output_0", "output_1") if len(outputs) > 1 else ("scaled", "output_0")
    term = f"squared(trigger_residual_t({original}[i] - {restored}[i]))"
    size = outputs[0].size
    form = _up_to(size * _largest_square(score.residual), fraction=2 * score.residual.fraction)
    return Head(size, term, form, residual=score.residual)


@head.register
def _(score: Direct, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    (found,) = outputs
    return Head(1, "output_0[i]", found.form)


@head.register
def _(score: ScalarSum, outputs: Sequence[Lanes], scaled: Fixed) -> Head:  # noqa: ARG001 - what scores share
    n_terms = len(score.inputs)
    integer = scaled.integer + (n_terms - 1).bit_length()
    form = Fixed(signed=scaled.signed, integer=integer, fraction=scaled.fraction)
    return Head(n_terms, "scaled[SUMMED[i]]", form, summed=score.inputs)


def _largest_square(form: Fixed) -> int:
    return max(form.lowest**2, form.highest**2)


def _up_to(highest: int, *, fraction: int) -> Fixed:
    """The format of counts from zero to this one."""
    return Fixed(signed=False, integer=highest.bit_length() - fraction, fraction=fraction)


def _table(
    function: Callable[[Float[np.ndarray, " n"]], Float[np.ndarray, " n"]], argument: Fixed, form: Fixed
) -> Table:
    wires = np.arange(2**argument.bits)
    integers = np.where(wires > argument.highest, wires - 2**argument.bits, wires)
    return Table(form.integers(function(argument.values(integers))), form, argument)
