"""The table `[model]`."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from offshell.settings.generative import GAN, ContinuousFlow, Flow
from offshell.settings.networks import Dense, Lorentz, Network, Sets
from offshell.settings.table import Table

__all__ = [
    "NAE",
    "PCA",
    "VAE",
    "Autoencoder",
    "CloudAutoencoder",
    "Contractive",
    "DeepSVDD",
    "Denoising",
    "JointVAE",
    "Model",
    "Sparse",
    "VICReg",
]


class _Model(Table):
    scaling: Literal["none", "standard", "power-of-two", "shift"] = "none"


class PCA(_Model):
    """`offshell.models.PCA`."""

    kind: Literal["pca"]
    components: PositiveInt = 96


class Autoencoder(_Model):
    """`offshell.models.Autoencoder`; sparse with a loss such as "mse + 0.1 * l1"."""

    kind: Literal["autoencoder"]
    size: PositiveInt = 2
    network: Network


class CloudAutoencoder(Table):
    """`offshell.models.CloudAutoencoder`, of clouds as they are."""

    kind: Literal["cloud-autoencoder"]
    scaling: Literal["none"] = "none"
    size: PositiveInt = 12
    network: Sets | Lorentz = Field(discriminator="kind")


class Sparse(_Model):
    """`offshell.models.SparseAutoencoder`."""

    kind: Literal["sparse"]
    size: PositiveInt = 64
    activity: float = Field(default=0.05, gt=0, lt=1)
    network: Network


class Denoising(_Model):
    """`offshell.models.DenoisingAutoencoder`."""

    kind: Literal["denoising"]
    size: PositiveInt = 3
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: Network


class Contractive(_Model):
    """`offshell.models.ContractiveAutoencoder`."""

    kind: Literal["contractive"]
    size: PositiveInt = 3
    network: Network


class VAE(_Model):
    """`offshell.models.VAE`."""

    kind: Literal["vae"]
    size: PositiveInt = 8
    network: Network


class JointVAE(_Model):
    """`offshell.models.JointVAE`."""

    kind: Literal["joint-vae"]
    gaussian: int = Field(default=32, ge=0)
    categorical: int = Field(default=1, ge=0)
    classes: PositiveInt = 20
    temperature: PositiveFloat = 0.67
    network: Network


class DeepSVDD(_Model):
    """`offshell.models.DeepSVDD`; the network has no biases."""

    kind: Literal["deep-svdd"]
    size: PositiveInt = 8
    network: Dense


class VICReg(_Model):
    """`offshell.models.VICReg`: an embedding `hidden` + `embedding`, and an autoencoder `network` + `size` in it."""

    kind: Literal["vicreg"]
    hidden: list[PositiveInt] = [29]
    embedding: PositiveInt = 10
    expander: list[PositiveInt] = Field(default=[64, 64], min_length=1)
    size: PositiveInt = 4
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: Dense


class NAE(_Model):
    """`offshell.models.NormalizedAutoencoder`."""

    kind: Literal["nae"]
    size: int = Field(default=3, gt=1)
    steps: PositiveInt = 10
    step: PositiveFloat = 0.1
    noise: NonNegativeFloat = 0.05
    network: Dense


Model = Annotated[
    PCA
    | Autoencoder
    | CloudAutoencoder
    | Sparse
    | Denoising
    | Contractive
    | VAE
    | JointVAE
    | DeepSVDD
    | VICReg
    | NAE
    | Flow
    | ContinuousFlow
    | GAN,
    Field(discriminator="kind"),
]
