"""Scaling as part of a detector: from the units of the trigger to numbers of order one, padding left alone."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from jaxtyping import Bool, Float
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["LogStandardize", "PowerOfTwo", "Scaling", "Standardize"]

Features = Float[np.ndarray, "n features"]
Columns = list[Float[np.ndarray, " objects"]]

# With fewer objects than this a width is known to no better than 13 % (1 / sqrt(2 n)) and may well be zero.
_RARE = 30


class Scaling(keras.layers.Layer):
    """A layer that scales each feature of the objects that are there; padded objects stay exactly zero.

    Abstract: `Standardize` and `PowerOfTwo` choose how. Features stand in groups, one group for each object; an object
    whose first feature (its pT) is zero is padding. Statistics are those of the objects that are there; the features of
    an object that fewer than 30 events have are estimated from all objects together.

    Args:
        group: number of features of each object.
    """

    def __init__(self, group: int, **options: Any) -> None:
        super().__init__(**options)
        self.group = group

    def adapt(self, x: Features) -> None:
        """Estimate the scaling from background events of shape `(n, features)`.

        Raises:
            InputError: if the events hold no object, or their features do not stand in groups of that size.
        """
        if not self.built:
            self.build(np.shape(x))
        self.estimate(_columns(np.asarray(x, np.float64), self.group))

    @abstractmethod
    def estimate(self, columns: Columns) -> None:
        """Set the weights from the values that each feature takes."""

    @abstractmethod
    def transform(self, x: KerasTensor) -> KerasTensor:
        """Scale every feature, padded or not."""

    @abstractmethod
    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, none of whose objects is padding."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Check that the features stand in groups."""
        if len(input_shape) != 2 or (input_shape[-1] or 0) % self.group:  # noqa: PLR2004 - events and features
            raise InputError(
                f"Events do not fit the scaling. Expected: shape (n, features) in groups of {self.group}. "
                f"Received: {tuple(input_shape)}."
            )
        super().build(input_shape)

    def call(self, x: KerasTensor) -> KerasTensor:
        """Scaled events of the same shape."""
        present = ops.repeat(ops.not_equal(x[:, :: self.group], 0), self.group, axis=1)
        return ops.where(present, self.transform(x), 0.0)


@keras.saving.register_keras_serializable(package="offshell")
class Standardize(Scaling):
    r"""Zero mean and unit width of each feature over the objects that are there, $(x - \mu) / \sigma$.

    A feature that is constant, such as the pseudorapidity of missing energy, gets $\sigma = 1$.

    Args:
        group: number of features of each object, the first of which is zero where there is none.
    """

    def __init__(self, *, group: int = 3, **options: Any) -> None:
        super().__init__(group, **options)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights."""
        super().build(input_shape)
        shape = input_shape[1:]
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.width = self.add_weight(shape=shape, initializer="ones", trainable=False, name="width")

    def estimate(self, columns: Columns) -> None:
        """Take the mean and the standard deviation of each feature."""
        widths = np.array([column.std() for column in columns])
        self.mean.assign([column.mean() for column in columns])
        self.width.assign(_one_where_zero(widths))

    def transform(self, x: KerasTensor) -> KerasTensor:
        """Standardize every feature, padded or not."""
        return (x - self.mean) / self.width

    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, none of whose objects is padding."""
        return x * self.width + self.mean

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "group": self.group}


@keras.saving.register_keras_serializable(package="offshell")
class LogStandardize(Standardize):
    r"""As `Standardize`, with $\log(1 + p_T)$ in the place of the first feature of each object, its $p_T$.

    A pT that is a hundred widths away does not drown the other features then.
    """

    def estimate(self, columns: Columns) -> None:
        """Take the mean and the standard deviation of each feature on its scale."""
        super().estimate(
            [values if index % self.group else np.log1p(values) for index, values in enumerate(columns)]
        )

    def transform(self, x: KerasTensor) -> KerasTensor:
        """Standardize every feature, padded or not."""
        return super().transform(ops.where(self._is_first(x), ops.log1p(ops.maximum(x, 0.0)), x))

    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, none of whose objects is padding."""
        x = super().inverse(x)
        return ops.where(self._is_first(x), ops.expm1(x), x)

    def _is_first(self, x: KerasTensor) -> Bool[np.ndarray, " features"]:
        return np.asarray(np.arange(x.shape[-1]) % self.group == 0)


@keras.saving.register_keras_serializable(package="offshell")
class PowerOfTwo(Scaling):
    r"""Scale by a power of two after subtracting a multiple of it, $(x / u - \mathrm{offset}) / 2^\mathrm{shift}$.

    Firmware does it exactly, with one subtraction and one shift. The 5 % and 95 % quantiles land at about -2 and 2 (never
    further apart, at the closest half as far), as `RobustScaler_pow2(5,95,-2,2)` of the level-1 trigger AXOL1TL
    (arXiv:2411.19506) does. `shifts` and `offsets` hold the integers; a negative shift is one to the left.

    Args:
        units: the step of each feature of an object in the input, $u$; one for integers in hardware units.
        centered: whether there are offsets. Without them the quantiles land between -2 and 2, and firmware need not do
            anything at all: a shift is a choice of wires, and padding stays zero by itself.
    """

    def __init__(
        self, *, units: Sequence[float] = (1.0, 1.0, 1.0), centered: bool = True, **options: Any
    ) -> None:
        super().__init__(len(units), **options)
        self.units, self.centered = tuple(units), centered

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the integer weights."""
        super().build(input_shape)
        options = {"shape": input_shape[1:], "dtype": "int32", "initializer": "zeros", "trainable": False}
        self.offsets = self.add_weight(name="offsets", **options)
        self.shifts = self.add_weight(name="shifts", **options)

    def estimate(self, columns: Columns) -> None:
        """Take offset and shift of each feature from its quantiles."""
        quantiles = np.array([np.quantile(column, (0.05, 0.95)) for column in columns])
        low, high = quantiles.T / self._steps(len(columns))
        half_width = (high - low) / 2 if self.centered else np.maximum(np.abs(low), np.abs(high))
        shifts = np.ceil(np.log2(_one_where_zero(half_width / 2)))
        self.shifts.assign(shifts)
        # Multiples of the scale leave the lowest bits alone: firmware subtracts from the others, and from eta nothing at all.
        grid = 2.0 ** np.maximum(shifts, 0)
        self.offsets.assign(self.centered * grid * np.round((low + high) / 2 / grid))

    def call(self, x: KerasTensor) -> KerasTensor:
        """Scaled events of the same shape; where nothing is subtracted, padding is zero by itself."""
        return ops.where(self.offsets == 0, self.transform(x), super().call(x))

    def transform(self, x: KerasTensor) -> KerasTensor:
        """Subtract the offsets and shift every feature, padded or not."""
        integers = x / ops.convert_to_tensor(self._steps(x.shape[1]), x.dtype)
        scale = ops.power(2.0, -ops.cast(self.shifts, x.dtype))
        return (integers - ops.cast(self.offsets, x.dtype)) * scale

    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, none of whose objects is padding."""
        integers = x * ops.power(2.0, ops.cast(self.shifts, x.dtype)) + ops.cast(self.offsets, x.dtype)
        return integers * ops.convert_to_tensor(self._steps(x.shape[1]), x.dtype)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "units": self.units, "centered": self.centered}

    def _steps(self, features: int) -> Float[np.ndarray, " features"]:
        return np.tile(self.units, features // self.group)


def _columns(x: Features, group: int) -> Columns:
    """The values of each feature in the objects that are there, or of all objects where these are rare."""
    objects = x.reshape(len(x), -1, group)
    present = objects[..., 0] != 0
    if not present.any():
        raise InputError(
            f"There is nothing to adapt the scaling to. Expected: objects with pt > 0. Received: {len(x)} events of padding."
        )
    masks = [mask if mask.sum() >= _RARE else None for mask in present.T]
    return [
        objects[present, feature] if mask is None else objects[mask, index, feature]
        for index, mask in enumerate(masks)
        for feature in range(group)
    ]


def _one_where_zero(widths: Float[np.ndarray, " features"]) -> Float[np.ndarray, " features"]:
    return np.where(widths > 0, widths, 1.0)
