"""The table `[model.network]`."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from offshell.settings.table import Table

__all__ = ["Conv", "Dense", "Network", "Residual"]


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


Network = Annotated[Dense | Conv | Residual, Field(discriminator="kind")]
