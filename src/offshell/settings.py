"""The settings of a run: which keys a recipe may have, of which type, with which defaults."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveFloat, PositiveInt

__all__ = [
    "PCA",
    "VAE",
    "Autoencoder",
    "Conv",
    "Evaluate",
    "Inputs",
    "JointVAE",
    "Model",
    "Network",
    "Recipe",
    "Residual",
    "Samples",
    "Train",
]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    """Lets the command line say `samples.signals=top,w`."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


class Samples(_Settings):
    """Which jets; a name such as "qcd" is simulated, a path such as "train.h5" or "train.h5:qcd" is read."""

    background: str = "qcd"
    signals: Annotated[list[str], Field(min_length=1), BeforeValidator(_listed)] = ["top"]
    n_train: PositiveInt = 10_000
    n_test: PositiveInt = 6_000
    n_signal: PositiveInt = 3_000
    detector: Literal["ATLAS", "CMS"] = "ATLAS"


class Inputs(_Settings):
    """What the detector sees of a jet."""

    image: Literal["aligned", "plain"] = "aligned"
    power: PositiveFloat = 1.0


class Conv(_Settings):
    """Strided convolutions; the decoder is their mirror image."""

    kind: Literal["conv"]
    filters: list[PositiveInt] = [128, 128]


class Residual(_Settings):
    """Residual stages, and a spatial-broadcast decoder of its own size."""

    kind: Literal["residual"]
    filters: list[PositiveInt]
    blocks: list[PositiveInt]
    squeeze: PositiveInt
    decoder_filters: list[PositiveInt]
    decoder_blocks: list[PositiveInt]


Network = Annotated[Conv | Residual, Field(discriminator="kind")]


class PCA(_Settings):
    """`offshell.models.PCA`."""

    kind: Literal["pca"]
    components: PositiveInt = 96


class Autoencoder(_Settings):
    """`offshell.models.Autoencoder`."""

    kind: Literal["autoencoder"]
    size: PositiveInt = 2
    network: Network


class VAE(_Settings):
    """`offshell.models.VAE`."""

    kind: Literal["vae"]
    size: PositiveInt = 8
    network: Network


class JointVAE(_Settings):
    """`offshell.models.JointVAE`."""

    kind: Literal["joint-vae"]
    gaussian: int = Field(default=32, ge=0)
    categorical: int = Field(default=1, ge=0)
    classes: PositiveInt = 20
    temperature: PositiveFloat = 0.67
    network: Network


Model = Annotated[PCA | Autoencoder | VAE | JointVAE, Field(discriminator="kind")]


class Train(_Settings):
    """See `offshell.fit`."""

    loss: str
    epochs: PositiveInt = 20
    batch_size: PositiveInt = 128
    learning_rate: PositiveFloat = 1e-3
    patience: PositiveInt = 10
    plateau: PositiveInt = 4


class Evaluate(_Settings):
    """Scores beside the terms: weighted sums such as "dice + bce"."""

    sums: Annotated[list[str], BeforeValidator(_listed)] = []


class Recipe(_Settings):
    """Everything that one run needs to be told."""

    title: str
    seed: int = Field(default=1, ge=0, lt=2**32)
    samples: Samples = Samples()
    inputs: Inputs = Inputs()
    model: Model
    train: Train
    evaluate: Evaluate = Evaluate()
