"""Inception networks for images: convolutions of several sizes look at the same image side by side."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import KerasTensor, layers
from pydantic import PositiveInt

from offshell.errors import InputError
from offshell.models.event_shapes import Shape, image_shape
from offshell.models.networks.drawn import Conv2D
from offshell.models.networks.images.pyramid import Stage, pyramid_decoder, pyramid_encoder
from offshell.models.networks.settings import NetworkSettings

__all__ = ["InceptionSettings", "inception_decoder", "inception_encoder"]


def inception_encoder(
    shape: tuple[int, int, int],
    *,
    filters: Sequence[int] = (32, 48, 64),
    squeeze: int = 4,
    size: int | None = None,
) -> keras.Model:
    """Stages of a stride-two convolution and an inception module, from images `(n, *shape)` to features `(n, size)`.

    A module joins 1x1, 3x3 and 5x5 convolutions and a maximum over 3x3 pixels, the larger ones behind 1x1 convolutions
    that reduce the channels, with the proportions of module 3a of Szegedy et al. (arXiv:1409.4842).

    Args:
        shape: height, width and channels of the images.
        filters: channels of each stage, multiples of 16; each halves the image.
        squeeze: channels of a last convolution, which keeps what follows small.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    stages = _stages(filters)
    return pyramid_encoder(shape, filters=filters, stages=stages, squeeze=squeeze, size=size)


def inception_decoder(
    size: int, *, shape: tuple[int, int, int], filters: Sequence[int] = (64, 48, 32)
) -> keras.Model:
    """Stages of an inception module and a doubling, from codes `(n, size)` to images `(n, *shape)` in [0, 1] (sigmoid).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels of each stage, multiples of 16.
    """
    return pyramid_decoder(size, shape=shape, filters=filters, stages=_stages(filters))


def _stages(filters: Sequence[int]) -> list[Stage]:
    if any(width % 16 for width in filters):
        raise InputError(
            f"filters do not fit inception modules. Expected: multiples of 16. Received: filters={list(filters)}."
        )
    return [_inception_module] * len(filters)


def _inception_module(x: KerasTensor) -> KerasTensor:
    sixteenth = x.shape[-1] // 16
    x = layers.ReLU()(x)
    branches = [
        _conv(x, 4 * sixteenth, 1),
        _conv(_conv(x, 6 * sixteenth, 1), 8 * sixteenth, 3),
        _conv(_conv(x, sixteenth, 1), 2 * sixteenth, 5),
        _conv(layers.MaxPooling2D(3, strides=1, padding="same")(x), 2 * sixteenth, 1),
    ]
    return layers.Concatenate()(branches)


def _conv(x: KerasTensor, channels: int, kernel: int) -> KerasTensor:
    return Conv2D(channels, kernel, padding="same", activation="relu")(x)


class InceptionSettings(NetworkSettings):
    """Inception modules; the decoder is their mirror image."""

    kind: Literal["inception"] = "inception"
    filters: list[PositiveInt] = [32, 48, 64]
    squeeze: PositiveInt = 4

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The stages on the way down."""
        return inception_encoder(image_shape(shape), size=size, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The stages in the opposite order."""
        return inception_decoder(size, shape=image_shape(shape), filters=self.filters[::-1])
