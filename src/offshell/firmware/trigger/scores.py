"""Scores in exact arithmetic: from the outputs of a quantised network to one number, as firmware computes it.

Each score is a frozen record with a `head`, written once and evaluated on two kinds of array: on float64, where fixed-point
numbers below 53 bits are exact, and on the symbols that the compiler traces. `offshell.firmware.hls.project` writes it a second
time, in C++, and the proof compares the two.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from offshell.firmware.trigger.fixed import Fixed

__all__ = ["Direct", "GaussianKL", "Radius", "ScalarSum", "Score", "SquaredDistance", "SquaredNorm"]

Array = Any  # float64 (n, size), or an array of the compiler's symbols (1, size)
Outputs = Sequence[Array]

_INVERSE_VARIANCE = Fixed(signed=False, integer=4, fraction=4)
_WIDTH_TERM = Fixed(signed=False, integer=6, fraction=4)
_RESIDUAL = Fixed(signed=True, integer=4, fraction=4)


@dataclass(frozen=True)
class Score(ABC):
    """What firmware makes of an event. Abstract: subclasses are frozen dataclasses."""

    @abstractmethod
    def head(self, scaled: Array, outputs: Outputs) -> Array:
        """The score of each event, shape `(n,)`, from the scaled inputs `(n, inputs)` and the outputs of the network."""

    def fitted(self, scaled: Array, outputs: Outputs) -> Self:  # noqa: ARG002 - for subclasses
        """The same score with formats that hold what background events need."""
        return self


@dataclass(frozen=True)
class SquaredNorm(Score):
    r"""The term `mu2`, $\sum_i \mu_i^2$ of the latent means, the only output of the network."""

    def head(self, scaled: Array, outputs: Outputs) -> Array:  # noqa: ARG002 - scores differ in what they need
        """The sum of squares."""
        (mean,) = outputs
        return np.sum(mean * mean, axis=-1)


@dataclass(frozen=True)
class Radius(Score):
    r"""The term `radius`, $\sum_i \mu_i^2 e^{-l_i}$ of latent means and log-variances, the two outputs of the network.

    The exponential is a table with one entry for each value that the log-variance can take.
    """

    inverse_variance: Fixed = _INVERSE_VARIANCE

    def head(self, scaled: Array, outputs: Outputs) -> Array:  # noqa: ARG002 - scores differ in what they need
        """The sum of squares, each times the entry of the table."""
        mean, log_var = outputs
        return np.sum(mean * mean * looked_up(self.table, log_var, self.inverse_variance), axis=-1)

    @staticmethod
    def table(log_var: Array) -> Array:
        """What the table holds before it is rounded."""
        return np.exp(-log_var)


@dataclass(frozen=True)
class GaussianKL(Score):
    r"""Twice the term `kl_gaussian`, $\sum_i (\mu_i^2 + e^{l_i} - 1 - l_i)$; the score counts in half steps, so that it is equal.

    What does not depend on the mean is one table of the log-variance.
    """

    width_term: Fixed = _WIDTH_TERM

    def head(self, scaled: Array, outputs: Outputs) -> Array:  # noqa: ARG002 - scores differ in what they need
        """Half of the sum of squares and entries of the table."""
        mean, log_var = outputs
        return np.sum(mean * mean + looked_up(self.table, log_var, self.width_term), axis=-1) * 0.5

    @staticmethod
    def table(log_var: Array) -> Array:
        """What the table holds before it is rounded."""
        return np.expm1(log_var) - log_var


@dataclass(frozen=True)
class SquaredDistance(Score):
    r"""The term `mse`, $\sum_i r_i^2$ with saturated residuals $r$.

    With one output of the network they are those of its reconstruction of the scaled inputs, with two the differences of
    these (an embedding and its reconstruction).
    """

    residual: Fixed = _RESIDUAL

    def head(self, scaled: Array, outputs: Outputs) -> Array:
        """The sum of squared residuals."""
        residual = saturated(_difference(scaled, outputs), self.residual)
        return np.sum(residual * residual, axis=-1)

    def fitted(self, scaled: Array, outputs: Outputs) -> Self:
        """Residuals of as many bits with the range that background events fill."""
        largest = float(np.abs(_difference(scaled, outputs)).max())
        integer = math.ceil(math.log2(largest)) if largest else 0
        fraction = self.residual.bits - self.residual.signed - integer
        return replace(self, residual=Fixed(self.residual.signed, integer, fraction))


@dataclass(frozen=True)
class Direct(Score):
    """The only number that the network gives: the term `student`."""

    def head(self, scaled: Array, outputs: Outputs) -> Array:  # noqa: ARG002 - scores differ in what they need
        """The output itself."""
        (score,) = outputs
        return np.sum(score, axis=-1)


@dataclass(frozen=True)
class ScalarSum(Score):
    """The sum of some of the inputs, without a network: `ht` with the pT of the jets.

    Attributes:
        inputs: Which ones.
    """

    inputs: tuple[int, ...]

    def head(self, scaled: Array, outputs: Outputs) -> Array:  # noqa: ARG002 - scores differ in what they need
        """The sum."""
        return np.sum(scaled[..., list(self.inputs)], axis=-1)


def _difference(scaled: Array, outputs: Outputs) -> Array:
    """What the network does not restore."""
    original, restored = outputs if len(outputs) > 1 else (scaled, *outputs)
    return original - restored


def looked_up(table: Callable[[Array], Array], x: Array, result: Fixed) -> Array:
    """A function of fixed-point numbers, rounded to a format; a table for the compiler."""
    if x.dtype != object:
        return result.rounded(table(x))
    return x.apply(lambda values: result.rounded(table(values))).quantize(
        result.signed, result.integer, result.fraction
    )


def saturated(x: Array, result: Fixed) -> Array:
    """Fixed-point numbers in another format: rounded half up, saturated."""
    if x.dtype != object:
        return result.rounded(x)
    return x.quantize(result.signed, result.integer, result.fraction, overflow_mode="SAT", round_mode="RND")
