"""Plain convolutional networks for images."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import layers
from pydantic import PositiveInt

from offshell.models.event_shapes import Shape, image_shape
from offshell.models.networks.drawn import Conv2D, Dense
from offshell.models.networks.images.stages import code, doubled, smallest_grid
from offshell.models.networks.settings import NetworkSettings

__all__ = ["ConvSettings", "conv_decoder", "conv_encoder"]


def conv_encoder(
    shape: tuple[int, int, int], *, filters: Sequence[int] = (128, 128), size: int | None = None
) -> keras.Model:
    """Convolutions of stride two from images `(n, *shape)` to codes `(n, size)`.

    Two convolutions of 128 channels on 16x16 images and a code of size 2 are the encoder of Duarte's hands-on on jet
    images, inspired by Farina, Nakai and Shih (arXiv:1808.08992).

    Args:
        shape: height, width and channels of the images.
        filters: channels of each 3x3 convolution; each halves the image.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    smallest_grid(shape, filters)
    x = inputs = keras.Input(shape)
    for width in filters:
        x = Conv2D(width, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(inputs, code(layers.Flatten()(x), size), name="encoder")


def conv_decoder(
    size: int, *, shape: tuple[int, int, int], filters: Sequence[int] = (128, 128)
) -> keras.Model:
    """Sub-pixel convolutions from codes `(n, size)` to images `(n, *shape)` whose pixels sum to one (softmax).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels before each doubling of the image.
    """
    height, width = smallest_grid(shape, filters)
    x = inputs = keras.Input((size,))
    x = Dense(height * width * filters[0], activation="relu")(x)
    x = layers.Reshape((height, width, filters[0]))(x)
    for channels in filters[1:]:
        x = layers.ReLU()(doubled(x, channels, kernel=2))
    x = doubled(x, shape[2], kernel=2)
    x = layers.Softmax()(layers.Flatten()(x))
    return keras.Model(inputs, layers.Reshape(shape)(x), name="decoder")


class ConvSettings(NetworkSettings):
    """Strided convolutions; the decoder is their mirror image."""

    kind: Literal["conv"] = "conv"
    filters: list[PositiveInt] = [128, 128]

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The convolutions in the order of the table."""
        return conv_encoder(image_shape(shape), filters=self.filters, size=size)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The convolutions in the opposite order."""
        return conv_decoder(size, filters=self.filters[::-1], shape=image_shape(shape))
