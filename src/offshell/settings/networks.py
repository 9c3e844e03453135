"""The table `[model.network]`."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from offshell.settings.table import Table

__all__ = ["Conv", "Dense", "Lorentz", "Network", "Residual", "Sets"]


class Dense(Table):
    """Fully connected layers; the decoder is their mirror image."""

    kind: Literal["dense"]
    hidden: list[PositiveInt] = [32, 16]
    activation: Literal["relu", "leaky_relu"] = "relu"
    normalize: bool = False


class Conv(Table):
    """Strided convolutions; the decoder is their mirror image."""

    kind: Literal["conv"]
    filters: list[PositiveInt] = [128, 128]


class Residual(Table):
    """Residual stages, and a spatial-broadcast decoder of its own size."""

    kind: Literal["residual"]
    filters: list[PositiveInt]
    blocks: list[NonNegativeInt]
    squeeze: PositiveInt
    decoder_filters: list[PositiveInt]
    decoder_blocks: list[PositiveInt]


class Sets(Table):
    """Layers on sets of particles, EPiC layers for "deep-sets"; the decoder has as many of the same width."""

    kind: Literal["deep-sets", "attention", "message-passing"]
    hidden: PositiveInt = 64
    layers: PositiveInt = 3


class Lorentz(Table):
    """Lorentz-equivariant layers; of the numbers of the code, 4 for each of `vectors` are four-vectors."""

    kind: Literal["lorentz"]
    hidden: PositiveInt = 16
    layers: PositiveInt = 3
    vectors: PositiveInt = 2


Network = Annotated[Dense | Conv | Residual | Sets | Lorentz, Field(discriminator="kind")]
