"""Residual networks for images: each block learns what to add to its input."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import keras
from keras import KerasTensor, layers
from pydantic import NonNegativeInt, PositiveInt

from offshell.models.event_shapes import Shape, image_shape
from offshell.models.networks.drawn import Conv2D
from offshell.models.networks.images.pyramid import Stage, pyramid_decoder, pyramid_encoder
from offshell.models.networks.images.stages import check_stages
from offshell.models.networks.settings import NetworkSettings

__all__ = ["ResidualSettings", "residual_decoder", "residual_encoder"]


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
    check_stages(shape, filters, blocks)
    stages = _stages(blocks)
    return pyramid_encoder(shape, filters=filters, stages=stages, squeeze=squeeze, size=size)


def residual_decoder(
    size: int,
    *,
    shape: tuple[int, int, int],
    filters: Sequence[int] = (64, 60, 32),
    blocks: Sequence[int] = (2, 2, 2),
) -> keras.Model:
    """A spatial-broadcast decoder from codes `(n, size)` to images `(n, *shape)` with pixels in [0, 1] (sigmoid).

    Each stage of residual blocks ends with a sub-pixel convolution that doubles the image.

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels of each stage.
        blocks: number of residual blocks of each stage.
    """
    check_stages(shape, filters, blocks)
    stages = _stages(blocks)
    return pyramid_decoder(size, shape=shape, filters=filters, stages=stages)


def _stages(blocks: Sequence[int]) -> list[Stage]:
    return [partial(_residual_stage, depth=depth) for depth in blocks]


def _residual_stage(x: KerasTensor, depth: int) -> KerasTensor:
    x = _relu6(x)
    for _ in range(depth):
        x = _residual_block(x)
    return x


def _residual_block(x: KerasTensor) -> KerasTensor:
    width = x.shape[-1]
    y = _relu6(Conv2D(width, 3, padding="same")(x))
    y = Conv2D(width, 3, padding="same")(y)
    return _relu6(layers.Add()([x, y]))


def _relu6(x: KerasTensor) -> KerasTensor:
    return layers.ReLU(max_value=6)(x)


class ResidualSettings(NetworkSettings):
    """Residual stages, and a spatial-broadcast decoder of its own size."""

    kind: Literal["residual"] = "residual"
    filters: list[PositiveInt]
    blocks: list[NonNegativeInt]
    squeeze: PositiveInt
    decoder_filters: list[PositiveInt]
    decoder_blocks: list[PositiveInt]

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The stages on the way down."""
        return residual_encoder(
            image_shape(shape), filters=self.filters, blocks=self.blocks, squeeze=self.squeeze, size=size
        )

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The stages on the way up."""
        return residual_decoder(
            size, filters=self.decoder_filters, blocks=self.decoder_blocks, shape=image_shape(shape)
        )
