"""Dense blocks for images: every layer sees what all layers before it have found."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import keras
from keras import KerasTensor, layers
from pydantic import PositiveInt

from offshell.models.event_shapes import Shape, image_shape
from offshell.models.networks.drawn import Conv2D
from offshell.models.networks.images.pyramid import Stage, pyramid_decoder, pyramid_encoder
from offshell.models.networks.images.stages import check_stages
from offshell.models.networks.settings import NetworkSettings

__all__ = ["DenseBlockSettings", "dense_block_decoder", "dense_block_encoder"]


def dense_block_encoder(
    shape: tuple[int, int, int],
    *,
    filters: Sequence[int] = (16, 32, 48),
    blocks: Sequence[int] = (4, 4, 4),
    growth: int = 12,
    squeeze: int = 4,
    size: int | None = None,
) -> keras.Model:
    """Stages of a stride-two convolution and a dense block, from images `(n, *shape)` to features `(n, size)`.

    Each layer of a block adds its channels to those before it (Huang et al., arXiv:1608.06993). Batch normalization is
    left out, as in every network here, so that an event's terms depend on no other event.

    Args:
        shape: height, width and channels of the images.
        filters: channels that each stage begins with; each halves the image.
        blocks: number of layers of each dense block.
        growth: channels that each layer adds.
        squeeze: channels of a last convolution, which keeps what follows small.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    check_stages(shape, filters, blocks)
    stages = _stages(blocks, growth)
    return pyramid_encoder(shape, filters=filters, stages=stages, squeeze=squeeze, size=size)


def dense_block_decoder(
    size: int,
    *,
    shape: tuple[int, int, int],
    filters: Sequence[int] = (48, 32, 16),
    blocks: Sequence[int] = (4, 4, 4),
    growth: int = 12,
) -> keras.Model:
    """Stages of a dense block and a doubling, from codes `(n, size)` to images `(n, *shape)` in [0, 1] (sigmoid).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels that each stage begins with.
        blocks: number of layers of each dense block.
        growth: channels that each layer adds.
    """
    check_stages(shape, filters, blocks)
    return pyramid_decoder(size, shape=shape, filters=filters, stages=_stages(blocks, growth))


def _stages(blocks: Sequence[int], growth: int) -> list[Stage]:
    return [partial(_dense_block, depth=depth, growth=growth) for depth in blocks]


def _dense_block(x: KerasTensor, depth: int, growth: int) -> KerasTensor:
    x = layers.ReLU()(x)
    for _ in range(depth):
        found = Conv2D(growth, 3, padding="same", activation="relu")(x)
        x = layers.Concatenate()([x, found])
    return x


class DenseBlockSettings(NetworkSettings):
    """Dense blocks; the decoder is their mirror image."""

    kind: Literal["dense-block"] = "dense-block"
    filters: list[PositiveInt] = [16, 32, 48]
    blocks: list[PositiveInt] = [4, 4, 4]
    growth: PositiveInt = 12
    squeeze: PositiveInt = 4

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The stages on the way down."""
        return dense_block_encoder(image_shape(shape), size=size, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The stages in the opposite order."""
        return dense_block_decoder(
            size,
            shape=image_shape(shape),
            filters=self.filters[::-1],
            blocks=self.blocks[::-1],
            growth=self.growth,
        )
