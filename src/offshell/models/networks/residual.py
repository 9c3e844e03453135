"""Residual networks for images."""

import math
from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from offshell.errors import InputError
from offshell.models.networks.broadcast import SpatialBroadcast
from offshell.models.networks.stages import code, doubled, empty_pixel, smallest_grid

__all__ = ["residual_decoder", "residual_encoder"]


def residual_encoder(
    shape: tuple[int, int, int],
    *,
    filters: Sequence[int] = (32, 48, 52),
    blocks: Sequence[int] = (2, 2, 2),
    squeeze: int = 4,
    size: int | None = None,
) -> keras.Model:
    """Stages of a stride-two convolution and residual blocks, from images `(n, *shape)` to features `(n, size)`.

    On 40x40 images the defaults have the size of the large encoder of Valente et al. (Joint-VAE, ISGC 2023).

    Args:
        shape: height, width and channels of the images.
        filters: channels of each stage; each halves the image.
        blocks: number of residual blocks of each stage (He et al., arXiv:1512.03385), with ReLU6.
        squeeze: channels of a last convolution, which keeps what follows small.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    smallest_grid(shape, filters)
    inputs = keras.Input(shape)
    x = layers.Rescaling(math.sqrt(math.prod(shape)))(
        inputs
    )  # pixels that sum to one are too small to train on
    for width, depth in _stages(filters, blocks):
        x = _residual_stage(layers.Conv2D(width, 3, strides=2, padding="same")(x), depth)
    x = _relu6(layers.Conv2D(squeeze, 3, padding="same")(x))
    return keras.Model(inputs, code(layers.Flatten()(x), size), name="encoder")


def residual_decoder(
    size: int,
    *,
    shape: tuple[int, int, int],
    filters: Sequence[int] = (64, 60, 32),
    blocks: Sequence[int] = (2, 2, 2),
) -> keras.Model:
    """A spatial-broadcast decoder from codes `(n, size)` to images `(n, *shape)` with pixels in [0, 1] (sigmoid).

    The code is spread over a small grid with two coordinate channels (Watters et al., arXiv:1901.07017); each stage
    of residual blocks ends with a sub-pixel convolution that doubles the image.

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels of each stage.
        blocks: number of residual blocks of each stage.
    """
    height, width = smallest_grid(shape, filters)
    inputs = keras.Input((size,))
    x = SpatialBroadcast(height, width)(inputs)
    (first, first_depth), *stages = _stages(filters, blocks)
    x = _residual_stage(layers.Conv2D(first, 3, padding="same")(x), first_depth)
    for channels, depth in stages:
        x = _residual_stage(doubled(x, channels, kernel=3), depth)
    x = doubled(x, shape[2], kernel=3, bias=empty_pixel(shape))
    return keras.Model(inputs, layers.Activation("sigmoid")(x), name="decoder")


def _stages(filters: Sequence[int], blocks: Sequence[int]) -> list[tuple[int, int]]:
    if len(filters) != len(blocks):
        raise InputError(
            f"blocks do not fit filters. Expected: one number of each for every stage. "
            f"Received: filters={list(filters)}, blocks={list(blocks)}."
        )
    return list(zip(filters, blocks, strict=True))


def _relu6(x: KerasTensor) -> KerasTensor:
    return layers.ReLU(max_value=6)(x)


def _residual_stage(x: KerasTensor, depth: int) -> KerasTensor:
    x = _relu6(x)
    for _ in range(depth):
        x = _residual_block(x)
    return x


def _residual_block(x: KerasTensor) -> KerasTensor:
    width = x.shape[-1]
    y = _relu6(layers.Conv2D(width, 3, padding="same")(x))
    y = layers.Conv2D(width, 3, padding="same")(y)
    return _relu6(layers.Add()([x, y]))
