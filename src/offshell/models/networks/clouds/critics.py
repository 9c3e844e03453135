"""Critics of particle clouds: from standardized coordinates, a condition and a mask to one number for each jet.

All are Keras models of `[coordinates (n, particles, 3), condition (n, columns - 3), mask (n, particles, 1)]`. None has a bias at
its end: what all verdicts share does not matter to a Wasserstein critic, so that a bias would learn nothing there.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import keras
from keras import KerasTensor, layers, ops
from pydantic import Field, PositiveInt

from offshell.models.event_shapes import N_COORDINATES, CloudShape
from offshell.models.networks.clouds.layers.masked import masked_mean
from offshell.models.networks.clouds.layers.message_passing import calm_passing
from offshell.models.networks.clouds.layers.pointnet import PointNetMix
from offshell.models.networks.drawn import Dense
from offshell.models.networks.settings import AdversarySettings

__all__ = [
    "Critic",
    "DenseCriticSettings",
    "MessagePassingCriticSettings",
    "PointCriticSettings",
    "dense_critic",
    "message_passing_critic",
    "point_critic",
]


def dense_critic(shape: CloudShape, *, hidden: Sequence[int] = (128, 64)) -> keras.Model:
    """A fully connected critic of the particles in their order, which does not know that they are a set.

    Args:
        shape: particles and columns of a cloud.
        hidden: widths of the hidden layers.
    """
    inputs = _inputs(shape)
    x = ops.concatenate([layers.Flatten()(inputs[0]), inputs[1]], axis=1)
    for width in hidden:
        x = Dense(width, activation="leaky_relu")(x)
    return _critic(inputs, x)


def point_critic(
    shape: CloudShape, *, point: Sequence[int] = (64, 128, 1024), hidden: int = 512
) -> keras.Model:
    """A PointNet-Mix critic: a network on each particle, pooled by maximum and mean; permutation invariant.

    Source: Wang et al. (arXiv:2006.07029), in the sizes that Kansal et al. (arXiv:2106.11535) used for jets.

    Args:
        shape: particles and columns of a cloud.
        point: widths of the network on each particle.
        hidden: width of the layer after the pooling.
    """
    inputs = _inputs(shape)
    x = PointNetMix(point=point, joint=(hidden,))([_conditioned(inputs), inputs[2]])
    return _critic(inputs, ops.leaky_relu(x))


def message_passing_critic(
    shape: CloudShape,
    *,
    edge: Sequence[int] = (96, 160, 192),
    node: Sequence[int] = (256, 256),
    features: int = 32,
    iterations: int = 2,
) -> keras.Model:
    """The critic of MPGAN: messages between all pairs, then the mean over the particles; permutation invariant.

    Source: Kansal et al. (arXiv:2106.11535); the sizes are theirs, dropout is left out.

    Args:
        shape: particles and columns of a cloud.
        edge: widths of the edge networks.
        node: widths of the hidden layers of the node networks.
        features: features of a particle after each iteration.
        iterations: how often messages are passed.
    """
    inputs = _inputs(shape)
    x = _conditioned(inputs)
    for _ in range(iterations):
        x = calm_passing(x, inputs[2], edge=edge, node=(*node, features))
    return _critic(inputs, masked_mean(x, inputs[2]))


def _inputs(shape: CloudShape) -> list[KerasTensor]:
    particles, columns = shape
    sizes = ((particles, N_COORDINATES), (columns - N_COORDINATES,), (particles, 1))
    return [keras.Input(size) for size in sizes]


def _conditioned(inputs: list[KerasTensor]) -> KerasTensor:
    """Features of the particles: their coordinates, and the condition of the jet."""
    coordinates, condition, _ = inputs
    return ops.concatenate(
        [coordinates, ops.repeat(condition[:, None], coordinates.shape[1], axis=1)], axis=2
    )


def _critic(inputs: list[KerasTensor], features: KerasTensor) -> keras.Model:
    return keras.Model(inputs, Dense(1, use_bias=False)(features), name="critic")


class DenseCriticSettings(AdversarySettings):
    """Fully connected layers."""

    kind: Literal["dense"] = "dense"
    hidden: list[PositiveInt] = [128, 64]

    def network(self, shape: CloudShape) -> keras.Model:
        """The critic of clouds of that shape."""
        return dense_critic(shape, **self.options)


class PointCriticSettings(AdversarySettings):
    """PointNet-Mix: maximum and mean over the particles."""

    kind: Literal["point"] = "point"
    point: list[PositiveInt] = [64, 128, 1024]
    hidden: PositiveInt = 512

    def network(self, shape: CloudShape) -> keras.Model:
        """The critic of clouds of that shape."""
        return point_critic(shape, **self.options)


class MessagePassingCriticSettings(AdversarySettings):
    """Messages between all pairs of particles, as MPGAN."""

    kind: Literal["message-passing"] = "message-passing"
    edge: list[PositiveInt] = [96, 160, 192]
    node: list[PositiveInt] = [256, 256]
    features: PositiveInt = 32
    iterations: PositiveInt = 2

    def network(self, shape: CloudShape) -> keras.Model:
        """The critic of clouds of that shape."""
        return message_passing_critic(shape, **self.options)


Critic = Annotated[
    DenseCriticSettings | PointCriticSettings | MessagePassingCriticSettings,
    Field(discriminator="kind"),
]
"""The table `[model.critic]`."""
