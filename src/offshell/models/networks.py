"""Encoders and decoders: plain Keras networks that the detectors are composed from.

None of them has a transposed convolution: XLA runs it about 100 times slower than a plain one on a CPU, and firmware
compilers do not know it. Decoders upsample with a sub-pixel convolution instead (Shi et al., arXiv:1609.05158).
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.errors import InputError

__all__ = [
    "SpatialBroadcast",
    "conv_decoder",
    "conv_encoder",
    "dense_decoder",
    "dense_encoder",
    "residual_decoder",
    "residual_encoder",
]


def dense_encoder(features: int, *, hidden: Sequence[int], size: int | None = None) -> keras.Model:
    """A fully connected network from `(n, features)` to `(n, size)`.

    Args:
        features: number of input features.
        hidden: widths of the hidden layers, each followed by a ReLU.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    x = inputs = keras.Input((features,))
    for width in hidden:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(inputs, _code(x, size), name="encoder")


def dense_decoder(size: int, *, hidden: Sequence[int], features: int) -> keras.Model:
    """A fully connected network from codes `(n, size)` to `(n, features)`, linear at the end.

    Args:
        size: width of the code.
        hidden: widths of the hidden layers, each followed by a ReLU.
        features: number of output features.
    """
    x = inputs = keras.Input((size,))
    for width in hidden:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(features)(x), name="decoder")


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
    _smallest(shape, filters)
    x = inputs = keras.Input(shape)
    for width in filters:
        x = layers.Conv2D(width, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(inputs, _code(layers.Flatten()(x), size), name="encoder")


def conv_decoder(
    size: int, *, shape: tuple[int, int, int], filters: Sequence[int] = (128, 128)
) -> keras.Model:
    """Sub-pixel convolutions from codes `(n, size)` to images `(n, *shape)` whose pixels sum to one (softmax).

    Args:
        size: width of the code.
        shape: height, width and channels of the images.
        filters: channels before each doubling of the image.
    """
    height, width = _smallest(shape, filters)
    x = inputs = keras.Input((size,))
    x = layers.Dense(height * width * filters[0], activation="relu")(x)
    x = layers.Reshape((height, width, filters[0]))(x)
    for channels in filters[1:]:
        x = layers.ReLU()(_doubled(x, channels, kernel=2))
    x = _doubled(x, shape[2], kernel=2)
    x = layers.Softmax()(layers.Flatten()(x))
    return keras.Model(inputs, layers.Reshape(shape)(x), name="decoder")


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
    _smallest(shape, filters)
    inputs = keras.Input(shape)
    x = layers.Rescaling(math.sqrt(math.prod(shape)))(
        inputs
    )  # pixels that sum to one are too small to train on
    for width, depth in _stages(filters, blocks):
        x = _residual_stage(layers.Conv2D(width, 3, strides=2, padding="same")(x), depth)
    x = _relu6(layers.Conv2D(squeeze, 3, padding="same")(x))
    return keras.Model(inputs, _code(layers.Flatten()(x), size), name="encoder")


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
    height, width = _smallest(shape, filters)
    inputs = keras.Input((size,))
    x = SpatialBroadcast(height, width)(inputs)
    (first, first_depth), *stages = _stages(filters, blocks)
    x = _residual_stage(layers.Conv2D(first, 3, padding="same")(x), first_depth)
    for channels, depth in stages:
        x = _residual_stage(_doubled(x, channels, kernel=3), depth)
    x = _doubled(x, shape[2], kernel=3, bias=_empty_pixel(shape))
    return keras.Model(inputs, layers.Activation("sigmoid")(x), name="decoder")


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


def _smallest(shape: tuple[int, int, int], filters: Sequence[int]) -> tuple[int, int]:
    """Height and width after halving once for each stage."""
    height, width, _ = shape
    factor = 2 ** len(filters)
    if not filters or height % factor or width % factor:
        raise InputError(
            f"filters do not fit the images. Expected: at least one stage, and {height} x {width} pixels divisible by 2 "
            f"once for each. Received: filters={list(filters)}."
        )
    return height // factor, width // factor


def _stages(filters: Sequence[int], blocks: Sequence[int]) -> list[tuple[int, int]]:
    if len(filters) != len(blocks):
        raise InputError(
            f"blocks do not fit filters. Expected: one number of each for every stage. "
            f"Received: filters={list(filters)}, blocks={list(blocks)}."
        )
    return list(zip(filters, blocks, strict=True))


def _code(x: KerasTensor, size: int | None) -> KerasTensor:
    return x if size is None else layers.Dense(size)(x)


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


def _doubled(x: KerasTensor, channels: int, *, kernel: int, bias: float = 0.0) -> KerasTensor:
    """A sub-pixel convolution: four times the channels, laid out as 2x2 pixels."""
    _, height, width, _ = x.shape
    x = layers.Conv2D(
        4 * channels, kernel, padding="same", bias_initializer=keras.initializers.Constant(bias)
    )(x)
    x = layers.Reshape((height, width, 2, 2, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((2 * height, 2 * width, channels))(x)


def _empty_pixel(shape: tuple[int, int, int]) -> float:
    """The logit of the mean pixel of a normalized image; from there a decoder need not learn first that pixels are empty."""
    return -math.log(math.prod(shape) - 1)
