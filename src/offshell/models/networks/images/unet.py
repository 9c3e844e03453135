"""U-nets for images whose skip connections go through the code.

The skip connections of a U-net (Ronneberger, Fischer and Brox, arXiv:1505.04597) carry images past the bottleneck; an
autoencoder with them copies its input and finds nothing anomalous. Leaving out the highest does not help: 20x20 pixels
with four channels hold a 40x40 image. Here every resolution of the encoder feeds the code and the code feeds every
resolution of the decoder, so that the way past the deeper stages stays open but all connections together carry no more
than the code.
"""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import KerasTensor, layers
from pydantic import PositiveInt

from offshell.models.event_shapes import Shape, image_shape
from offshell.models.networks.drawn import Conv2D
from offshell.models.networks.images.broadcast import SpatialBroadcast
from offshell.models.networks.images.pyramid import brightened
from offshell.models.networks.images.stages import code, doubled, empty_pixel, smallest_grid
from offshell.models.networks.settings import NetworkSettings

__all__ = ["UNetSettings", "unet_decoder", "unet_encoder"]


def unet_encoder(
    shape: tuple[int, int, int],
    *,
    filters: Sequence[int] = (16, 32, 48),
    squeeze: int = 4,
    size: int | None = None,
) -> keras.Model:
    """The way down: convolutions from images `(n, *shape)` to features of every resolution, together `(n, size)`.

    Args:
        shape: height, width and channels of the images.
        filters: channels of each resolution; each halves the image.
        squeeze: channels of the connection at each resolution, which keeps what follows small.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    smallest_grid(shape, filters)
    inputs = keras.Input(shape)
    x, connections = brightened(inputs), []
    for width in filters:
        x = _convolved(_relu_conv(x, width, strides=2), width)
        connections.append(layers.Flatten()(_relu_conv(x, squeeze)))
    return keras.Model(inputs, code(_joined(connections), size), name="encoder")


def unet_decoder(
    size: int, *, shape: tuple[int, int, int], filters: Sequence[int] = (48, 32, 16)
) -> keras.Model:
    """The way up: from codes `(n, size)`, seen at every resolution, to images `(n, *shape)` in [0, 1] (sigmoid).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels of each resolution.
    """
    height, width = smallest_grid(shape, filters)
    inputs = keras.Input((size,))
    x = _convolved(SpatialBroadcast(height, width)(inputs), filters[0])
    for step, channels in enumerate(filters[1:], start=1):
        connection = SpatialBroadcast(height << step, width << step)(inputs)
        x = _convolved(_joined([doubled(x, channels, kernel=3), connection]), channels)
    x = doubled(x, shape[2], kernel=3, bias=empty_pixel(shape))
    return keras.Model(inputs, layers.Activation("sigmoid")(x), name="decoder")


def _convolved(x: KerasTensor, channels: int) -> KerasTensor:
    return _relu_conv(_relu_conv(x, channels), channels)


def _relu_conv(x: KerasTensor, channels: int, *, strides: int = 1) -> KerasTensor:
    return Conv2D(channels, 3, strides=strides, padding="same", activation="relu")(x)


def _joined(parts: Sequence[KerasTensor]) -> KerasTensor:
    return layers.Concatenate()(parts) if len(parts) > 1 else parts[0]


class UNetSettings(NetworkSettings):
    """A U-net whose connections go through the code; the decoder is its mirror image."""

    kind: Literal["unet"] = "unet"
    filters: list[PositiveInt] = [16, 32, 48]
    squeeze: PositiveInt = 4

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The stages on the way down."""
        return unet_encoder(image_shape(shape), size=size, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The stages in the opposite order."""
        return unet_decoder(size, shape=image_shape(shape), filters=self.filters[::-1])
