"""Decoders of particle clouds: the code says how each particle starts, then they arrange themselves in set layers."""

from collections.abc import Callable

import keras
from keras import KerasTensor, ops
from keras.layers import Reshape

from offshell.models.networks.clouds import stacks
from offshell.models.networks.clouds.coordinates import ParticleHead
from offshell.models.networks.drawn import Dense

__all__ = ["attention_decoder", "deep_sets_decoder", "message_passing_decoder"]

Shape = tuple[int, int]


def deep_sets_decoder(size: int, *, hidden: int, layers: int, shape: Shape) -> keras.Model:
    """EPiC layers between particles and a global vector (arXiv:2301.08128), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(stacks.exchange, size, hidden, layers, shape)


def attention_decoder(size: int, *, hidden: int, layers: int, shape: Shape) -> keras.Model:
    """Set attention with four heads (arXiv:1810.00825), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle, a multiple of four.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(stacks.attend, size, hidden, layers, shape)


def message_passing_decoder(size: int, *, hidden: int, layers: int, shape: Shape) -> keras.Model:
    """Residual message passing between all pairs of particles (arXiv:2106.11535), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle, width of all hidden layers.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(stacks.pass_messages, size, hidden, layers, shape)


def _decoder(
    stack: Callable[..., KerasTensor], size: int, hidden: int, depth: int, shape: Shape
) -> keras.Model:
    particles, columns = shape
    code = keras.Input((size,))
    x = Dense(particles * hidden, activation="leaky_relu")(Dense(2 * hidden, activation="leaky_relu")(code))
    x = Reshape((particles, hidden))(x)
    x = stack(x, ops.ones_like(x[..., :1]), depth=depth)
    return keras.Model(code, ParticleHead(columns)(x), name="decoder")
