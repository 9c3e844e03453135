"""What image networks have in common: stages that halve or double an image, and the code between them."""

import math
from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from offshell.errors import InputError
from offshell.models.networks.drawn import Conv2D, Dense

__all__ = ["check_stages", "code", "doubled", "empty_pixel", "smallest_grid"]


def smallest_grid(shape: tuple[int, int, int], filters: Sequence[int]) -> tuple[int, int]:
    """Height and width of images of a shape after halving once for each of the filters.

    Raises:
        InputError: if there is nothing to halve, or an odd number of pixels.
    """
    height, width, _ = shape
    factor = 2 ** len(filters)
    if not filters or height % factor or width % factor:
        raise InputError(
            f"filters do not fit the images. Expected: at least one stage, and {height} x {width} pixels divisible by 2 "
            f"once for each. Received: filters={list(filters)}."
        )
    return height // factor, width // factor


def check_stages(shape: tuple[int, int, int], filters: Sequence[int], blocks: Sequence[int]) -> None:
    """Refuse stages that do not fit images of a shape, or a number of blocks for more or fewer stages than there are.

    Raises:
        InputError: see `smallest_grid`; and if `filters` and `blocks` differ in length.
    """
    smallest_grid(shape, filters)
    if len(filters) != len(blocks):
        raise InputError(
            f"blocks do not fit filters. Expected: one number of each for every stage. "
            f"Received: filters={list(filters)}, blocks={list(blocks)}."
        )


def code(x: KerasTensor, size: int | None) -> KerasTensor:
    """Codes `(n, size)` from features `(n, features)` by a linear layer; the features themselves if `size` is `None`."""
    return x if size is None else Dense(size)(x)


def doubled(x: KerasTensor, channels: int, *, kernel: int, bias: float = 0.0) -> KerasTensor:
    """A sub-pixel convolution (Shi et al., arXiv:1609.05158): four times the channels, laid out as 2x2 pixels."""
    _, height, width, _ = x.shape
    x = Conv2D(4 * channels, kernel, padding="same", bias_initializer=keras.initializers.Constant(bias))(x)
    x = layers.Reshape((height, width, 2, 2, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((2 * height, 2 * width, channels))(x)


def empty_pixel(shape: tuple[int, int, int]) -> float:
    """The logit of the mean pixel of a normalized image; from there a decoder need not learn first that pixels are empty."""
    return -math.log(math.prod(shape) - 1)
