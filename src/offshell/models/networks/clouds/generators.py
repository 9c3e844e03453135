"""Generators of particle clouds: from noise, a condition and a mask to the standardized coordinates of particles.

All are Keras models of `[noise, condition (n, columns - 3), mask (n, particles, 1)]` that give coordinates `(n, particles, 3)`,
zero where there is no particle.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import keras
from keras import KerasTensor, layers, ops
from pydantic import Field, PositiveInt

from offshell.errors import InputError
from offshell.models.event_shapes import N_COORDINATES, CloudShape
from offshell.models.networks.clouds.layers.graph_cnn import GraphConvolution
from offshell.models.networks.clouds.layers.message_passing import calm_passing
from offshell.models.networks.clouds.layers.tree import TreeConvolution
from offshell.models.networks.drawn import Dense
from offshell.models.networks.settings import AdversarySettings

__all__ = [
    "DenseGeneratorSettings",
    "Generator",
    "GraphGeneratorSettings",
    "MessagePassingGeneratorSettings",
    "TreeGeneratorSettings",
    "dense_generator",
    "graph_generator",
    "message_passing_generator",
    "tree_generator",
]


_DEGREE = 2
# No particle lies as many widths from the mean, and none may be made there: the exponential of a logarithm would overflow.
_FARTHEST = 10.0


def dense_generator(shape: CloudShape, *, noise: int = 32, hidden: Sequence[int] = (64, 128)) -> keras.Model:
    """A fully connected generator, the one of r-GAN, which does not know that particles are a set.

    Source: Achlioptas et al. (arXiv:1707.02392), in the sizes that Kansal et al. (arXiv:2106.11535) used for jets.

    Args:
        shape: particles and columns of a cloud.
        noise: size of the Gaussian noise.
        hidden: widths of the hidden layers.
    """
    inputs = _inputs((noise,), shape)
    x = ops.concatenate(inputs[:2], axis=1)
    for width in hidden:
        x = Dense(width, activation="leaky_relu")(x)
    x = Dense(shape[0] * N_COORDINATES)(x)
    return _generator(inputs, layers.Reshape((shape[0], N_COORDINATES))(x))


def graph_generator(
    shape: CloudShape, *, noise: int = 128, hidden: Sequence[int] = (32, 24), neighbors: int = 20
) -> keras.Model:
    """Particles made by a linear layer, then convolved on the graphs of their nearest neighbors (GraphCNN-GAN).

    Source: Valsesia, Fracastoro and Magli (ICLR 2019), in the widths that Kansal et al. (arXiv:2106.11535) used for jets.

    Args:
        shape: particles and columns of a cloud.
        noise: size of the Gaussian noise.
        hidden: features of a particle before each convolution.
        neighbors: how many particles each convolution sees.
    """
    inputs = _inputs((noise,), shape)
    x = Dense(shape[0] * hidden[0])(ops.concatenate(inputs[:2], axis=1))
    x = layers.Reshape((shape[0], hidden[0]))(x)
    for width in (*hidden[1:], N_COORDINATES):
        x = GraphConvolution(width, neighbors=neighbors)([ops.leaky_relu(x), inputs[2]])
    return _generator(inputs, x)


def tree_generator(
    shape: CloudShape, *, noise: int = 96, hidden: Sequence[int] = (64, 64, 64, 64), support: int = 10
) -> keras.Model:
    """Particles as the leaves of a binary tree that grows from the noise (TreeGAN); surplus leaves are left out.

    Source: Shu, Park and Kwon (arXiv:1905.06292), in the sizes that Kansal et al. (arXiv:2106.11535) used for jets.

    Args:
        shape: particles and columns of a cloud.
        noise: size of the Gaussian noise.
        hidden: features of each generation between the root and the leaves.
        support: width of the loop term of each convolution, see `TreeConvolution`.

    Raises:
        InputError: if the tree has fewer leaves than a cloud has particles.
    """
    leaves = _DEGREE ** (len(hidden) + 1)
    if leaves < shape[0]:
        raise InputError(
            f"The tree is too small. Expected: at least {shape[0]} leaves. Received: {leaves} from {len(hidden)} generations."
        )
    inputs = _inputs((noise,), shape)
    tree = [ops.concatenate(inputs[:2], axis=1)[:, None]]
    for width in hidden:
        grown = TreeConvolution(width, degree=_DEGREE, support=support)(tree)
        tree.append(ops.leaky_relu(grown))
    leaves = TreeConvolution(N_COORDINATES, degree=_DEGREE, support=support)(tree)
    return _generator(inputs, leaves[:, : shape[0]])


def message_passing_generator(
    shape: CloudShape,
    *,
    noise: int = 32,
    edge: Sequence[int] = (96, 160, 192),
    node: Sequence[int] = (256, 256),
    iterations: int = 2,
) -> keras.Model:
    """The generator of MPGAN: noise for each particle, then messages between all pairs; permutation equivariant.

    Source: Kansal et al. (arXiv:2106.11535); the sizes are theirs. Each particle also sees the condition of the jet.

    Args:
        shape: particles and columns of a cloud.
        noise: size of the Gaussian noise of each particle, and of its features between the iterations.
        edge: widths of the edge networks.
        node: widths of the hidden layers of the node networks.
        iterations: how often messages are passed.
    """
    inputs = z, condition, mask = _inputs((shape[0], noise), shape)
    x = ops.concatenate([z, ops.repeat(condition[:, None], shape[0], axis=1)], axis=2)
    for width in [noise] * (iterations - 1) + [N_COORDINATES]:
        x = calm_passing(x, mask, edge=edge, node=(*node, width))
    return _generator(inputs, x)


def _inputs(noise: tuple[int, ...], shape: CloudShape) -> list[KerasTensor]:
    particles, columns = shape
    return [keras.Input(noise), keras.Input((columns - N_COORDINATES,)), keras.Input((particles, 1))]


def _generator(inputs: list[KerasTensor], coordinates: KerasTensor) -> keras.Model:
    bounded = _FARTHEST * ops.tanh(coordinates / _FARTHEST)
    return keras.Model(inputs, bounded * inputs[-1], name="generator")


class DenseGeneratorSettings(AdversarySettings):
    """Fully connected layers, as r-GAN."""

    kind: Literal["dense"] = "dense"
    noise: PositiveInt = 32
    hidden: list[PositiveInt] = [64, 128]

    def network(self, shape: CloudShape) -> keras.Model:
        """The generator of clouds of that shape."""
        return dense_generator(shape, **self.options)


class GraphGeneratorSettings(AdversarySettings):
    """Convolutions on graphs of nearest neighbors, as GraphCNN-GAN."""

    kind: Literal["graph"] = "graph"
    noise: PositiveInt = 128
    hidden: list[PositiveInt] = [32, 24]
    neighbors: PositiveInt = 20

    def network(self, shape: CloudShape) -> keras.Model:
        """The generator of clouds of that shape."""
        return graph_generator(shape, **self.options)


class TreeGeneratorSettings(AdversarySettings):
    """Particles that branch from a root, as TreeGAN."""

    kind: Literal["tree"] = "tree"
    noise: PositiveInt = 96
    hidden: list[PositiveInt] = [64, 64, 64, 64]
    support: PositiveInt = 10

    def network(self, shape: CloudShape) -> keras.Model:
        """The generator of clouds of that shape."""
        return tree_generator(shape, **self.options)


class MessagePassingGeneratorSettings(AdversarySettings):
    """Messages between all pairs of particles, as MPGAN."""

    kind: Literal["message-passing"] = "message-passing"
    noise: PositiveInt = 32
    edge: list[PositiveInt] = [96, 160, 192]
    node: list[PositiveInt] = [256, 256]
    iterations: PositiveInt = 2

    def network(self, shape: CloudShape) -> keras.Model:
        """The generator of clouds of that shape."""
        return message_passing_generator(shape, **self.options)


Generator = Annotated[
    DenseGeneratorSettings | GraphGeneratorSettings | TreeGeneratorSettings | MessagePassingGeneratorSettings,
    Field(discriminator="kind"),
]
"""The table `[model.generator]`."""
