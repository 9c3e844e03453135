"""How a decoder spreads a code over an image."""

from typing import Any

import keras
from keras import KerasTensor, layers, ops

__all__ = ["SpatialBroadcast"]


@keras.saving.register_keras_serializable(package="offshell")
class SpatialBroadcast(layers.Layer):
    """Repeats a vector over a grid and adds two coordinate channels (Watters et al., arXiv:1901.07017).

    Args:
        height: rows of the grid.
        width: columns of the grid.
    """

    def __init__(self, height: int, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.height, self.width = height, width

    def call(self, code: KerasTensor) -> KerasTensor:
        """From codes `(n, size)` to grids `(n, height, width, size + 2)`; coordinates run from -1 to 1."""
        n, grid = ops.shape(code)[0], (self.height, self.width)
        rows, columns = ops.meshgrid(
            ops.linspace(-1, 1, self.height), ops.linspace(-1, 1, self.width), indexing="ij"
        )
        coordinates = ops.cast(ops.stack([rows, columns], axis=-1), code.dtype)
        spread = ops.broadcast_to(code[:, None, None, :], (n, *grid, code.shape[-1]))
        return ops.concatenate([spread, ops.broadcast_to(coordinates, (n, *grid, 2))], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of the grids."""
        return (input_shape[0], self.height, self.width, (input_shape[-1] or 0) + 2)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "height": self.height, "width": self.width}
