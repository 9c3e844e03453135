"""The table `[model]` of detectors that generate; they see standardized coordinates."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from offshell.settings.table import Table

__all__ = ["GAN", "ContinuousFlow", "Critic", "Flow", "Generator"]


class Generative(Table):
    """What generative detectors have in common: the coordinates of their likelihoods are not to be chosen."""

    scaling: Literal["standard"] = "standard"


class Flow(Generative):
    """`offshell.models.Flow`, of clouds `CloudFlow`."""

    kind: Literal["flow"]
    transform: Literal["affine", "spline"] = "spline"
    layers: PositiveInt = 6
    hidden: list[PositiveInt] = [64, 64]


class ContinuousFlow(Generative):
    """`offshell.models.FlowMatching` or `Diffusion`; the global vector of `latent` numbers is for clouds."""

    kind: Literal["flow-matching", "diffusion"]
    hidden: PositiveInt = 64
    layers: PositiveInt = 3
    latent: PositiveInt = 16
    generation_steps: PositiveInt = 25
    likelihood_steps: NonNegativeInt = 0


class DenseGenerator(Table):
    """Fully connected layers, as r-GAN."""

    kind: Literal["dense"]
    noise: PositiveInt = 32
    hidden: list[PositiveInt] = [64, 128]


class GraphGenerator(Table):
    """Convolutions on graphs of nearest neighbors, as GraphCNN-GAN."""

    kind: Literal["graph"]
    noise: PositiveInt = 128
    hidden: list[PositiveInt] = [32, 24]
    neighbors: PositiveInt = 20


class TreeGenerator(Table):
    """Particles that branch from a root, as TreeGAN."""

    kind: Literal["tree"]
    noise: PositiveInt = 96
    hidden: list[PositiveInt] = [64, 64, 64, 64]
    support: PositiveInt = 10


class MessagePassingGenerator(Table):
    """Messages between all pairs of particles, as MPGAN."""

    kind: Literal["message-passing"]
    noise: PositiveInt = 32
    edge: list[PositiveInt] = [96, 160, 192]
    node: list[PositiveInt] = [256, 256]
    iterations: PositiveInt = 2


class DenseCritic(Table):
    """Fully connected layers."""

    kind: Literal["dense"]
    hidden: list[PositiveInt] = [128, 64]


class PointCritic(Table):
    """PointNet-Mix: maximum and mean over the particles."""

    kind: Literal["point"]
    point: list[PositiveInt] = [64, 128, 1024]
    hidden: PositiveInt = 512


class MessagePassingCritic(Table):
    """Messages between all pairs of particles, as MPGAN."""

    kind: Literal["message-passing"]
    edge: list[PositiveInt] = [96, 160, 192]
    node: list[PositiveInt] = [256, 256]
    features: PositiveInt = 32
    iterations: PositiveInt = 2


Generator = Annotated[
    DenseGenerator | GraphGenerator | TreeGenerator | MessagePassingGenerator, Field(discriminator="kind")
]
Critic = Annotated[DenseCritic | PointCritic | MessagePassingCritic, Field(discriminator="kind")]


class GAN(Generative):
    """`offshell.models.GAN`."""

    kind: Literal["gan"]
    objective: Literal["least-squares", "wasserstein"] = "least-squares"
    generator_rate: PositiveFloat = 1 / 3
    generator: Generator
    critic: Critic
