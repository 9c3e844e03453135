"""The ranges of numbers in fixed point: how many bits they need before the binary point, and that training keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

__all__ = ["AtLeast", "Margin", "reach", "shared_axes"]


@keras.saving.register_keras_serializable(package="offshell")
class AtLeast(keras.constraints.Constraint):
    """Keeps numbers from falling below others.

    Args:
        least: nested lists that go with the shape of the numbers.
    """

    def __init__(self, least: Sequence[Any]) -> None:
        self.least = least

    def __call__(self, w: KerasTensor) -> KerasTensor:
        """The numbers, or what they must not fall below."""
        return ops.maximum(ops.convert_to_tensor(w), ops.convert_to_tensor(self.least, "float32"))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the constraint again."""
        return {"least": self.least}


@dataclass(frozen=True)
class Margin:
    """Bits of an output beyond those of other numbers, because nothing rounds it later.

    Attributes:
        integer: So that anomalies, which lie outside the range of background, are told apart.
        fraction: So that thresholds have a fine grid.
    """

    integer: int
    fraction: int


def shared_axes(values: Float[np.ndarray, "n ..."]) -> tuple[int, ...]:
    """The axes along which a learned width is the same: it belongs to one number of a vector, or one channel of an image."""
    return tuple(range(max(values.ndim - 1, 1)))


def reach(
    values: Float[np.ndarray, "..."], *, axis: tuple[int, ...] | None = None
) -> Float[np.ndarray, "..."]:
    """Bits before the binary point that hold the largest magnitude along some axes, or along all."""
    largest = np.abs(values).max(axis=axis, keepdims=axis is not None)
    return np.ceil(np.log2(np.where(largest > 0, largest, 1.0)))
