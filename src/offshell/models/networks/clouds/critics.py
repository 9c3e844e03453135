"""Critics of particle clouds: from standardized coordinates, a condition and a mask to one number for each jet.

All are Keras models of `[coordinates (n, particles, 3), condition (n, columns - 3), mask (n, particles, 1)]`. None has a bias at
its end: what all verdicts share does not matter to a Wasserstein critic, so that a bias would learn nothing there.
"""

from collections.abc import Sequence

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.clouds.calm_passing import calm_passing
from offshell.models.networks.clouds.masked import masked_mean
from offshell.models.networks.clouds.pointnet import PointNetMix
from offshell.models.networks.drawn import Dense

__all__ = ["dense_critic", "message_passing_critic", "point_critic"]

Shape = tuple[int, int]
"""Particles and columns of a cloud."""

_COORDINATES = 3


def dense_critic(shape: Shape, *, hidden: Sequence[int] = (128, 64)) -> keras.Model:
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


def point_critic(shape: Shape, *, point: Sequence[int] = (64, 128, 1024), hidden: int = 512) -> keras.Model:
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
    shape: Shape,
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


def _inputs(shape: Shape) -> list[KerasTensor]:
    particles, columns = shape
    sizes = ((particles, _COORDINATES), (columns - _COORDINATES,), (particles, 1))
    return [keras.Input(size) for size in sizes]


def _conditioned(inputs: list[KerasTensor]) -> KerasTensor:
    """Features of the particles: their coordinates, and the condition of the jet."""
    coordinates, condition, _ = inputs
    return ops.concatenate(
        [coordinates, ops.repeat(condition[:, None], coordinates.shape[1], axis=1)], axis=2
    )


def _critic(inputs: list[KerasTensor], features: KerasTensor) -> keras.Model:
    return keras.Model(inputs, Dense(1, use_bias=False)(features), name="critic")
