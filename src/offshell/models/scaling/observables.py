"""Scaling of observables, each by itself."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.models.scaling.events import Columns, Scaling

__all__ = ["Clip"]

_FARTHEST = 12.0  # standard deviations


@keras.saving.register_keras_serializable(package="offshell")
class Clip(Scaling):
    r"""Zero mean and unit width of each feature, cut off at 12 widths: $(x - \mu) / \sigma$ between -12 and 12.

    For observables, where zero is a value as any other. What lies that far off is anomalous anyway, and a single number
    shall not drown all others. A feature that is constant gets $\sigma = 1$.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(1, **options)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights."""
        super().build(input_shape)
        shape = input_shape[1:]
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.width = self.add_weight(shape=shape, initializer="ones", trainable=False, name="width")

    def adapt(self, x: Float[np.ndarray, "n features"]) -> None:
        """Take the mean and the standard deviation of each feature of background events.

        Raises:
            InputError: if the events are no rows of features.
        """
        if not self.built:
            self.build(np.shape(x))
        self.estimate(list(np.asarray(x, np.float64).T))

    def estimate(self, columns: Columns) -> None:
        """Take the mean and the standard deviation of each feature."""
        widths = np.array([column.std() for column in columns])
        self.mean.assign([column.mean() for column in columns])
        self.width.assign(np.where(widths > 0, widths, 1.0))

    def call(self, x: KerasTensor) -> KerasTensor:
        """Scaled events of the same shape."""
        return ops.clip(self.transform(x), -_FARTHEST, _FARTHEST)

    def transform(self, x: KerasTensor) -> KerasTensor:
        """Standardize every feature, however far off."""
        return (x - self.mean) / self.width

    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, none of which was cut off."""
        return x * self.width + self.mean
