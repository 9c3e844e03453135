"""The frame of deep image networks: a stage at each resolution, downwards to a code and upwards to an image."""

import math
from collections.abc import Callable, Sequence

import keras
from keras import KerasTensor, layers

from offshell.models.networks.drawn import Conv2D
from offshell.models.networks.images.broadcast import SpatialBroadcast
from offshell.models.networks.images.stages import code, doubled, empty_pixel, smallest_grid

__all__ = ["Stage", "brightened", "pyramid_decoder", "pyramid_encoder"]

Stage = Callable[[KerasTensor], KerasTensor]
"""What a network does at one resolution, from grids `(n, height, width, channels)` to grids of the same resolution."""


def brightened(images: KerasTensor) -> KerasTensor:
    """Images times the root of their number of pixels, because pixels that sum to one are too small to train on."""
    return layers.Rescaling(math.sqrt(math.prod(images.shape[1:])))(images)


def pyramid_encoder(
    shape: tuple[int, int, int],
    *,
    filters: Sequence[int],
    stages: Sequence[Stage],
    squeeze: int,
    size: int | None,
) -> keras.Model:
    """Stages, each after a convolution of stride two, from images `(n, *shape)` to features `(n, size)`.

    Args:
        shape: height, width and channels of the images.
        filters: channels of each convolution; each halves the image.
        stages: what follows each convolution.
        squeeze: channels of a last convolution, which keeps what follows small.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    smallest_grid(shape, filters)
    inputs = keras.Input(shape)
    x = brightened(inputs)
    for width, stage in zip(filters, stages, strict=True):
        x = stage(Conv2D(width, 3, strides=2, padding="same")(x))
    x = layers.ReLU(max_value=6)(Conv2D(squeeze, 3, padding="same")(x))
    return keras.Model(inputs, code(layers.Flatten()(x), size), name="encoder")


def pyramid_decoder(
    size: int, *, shape: tuple[int, int, int], filters: Sequence[int], stages: Sequence[Stage]
) -> keras.Model:
    """Stages, each before a doubling, from codes `(n, size)` to images `(n, *shape)` with pixels in [0, 1] (sigmoid).

    The code is spread over a small grid with two coordinate channels (Watters et al., arXiv:1901.07017).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels of each stage.
        stages: what precedes each doubling of the image.
    """
    inputs = keras.Input((size,))
    x = SpatialBroadcast(*smallest_grid(shape, filters))(inputs)
    x = stages[0](Conv2D(filters[0], 3, padding="same")(x))
    for channels, stage in zip(filters[1:], stages[1:], strict=True):
        x = stage(doubled(x, channels, kernel=3))
    x = doubled(x, shape[2], kernel=3, bias=empty_pixel(shape))
    return keras.Model(inputs, layers.Activation("sigmoid")(x), name="decoder")
