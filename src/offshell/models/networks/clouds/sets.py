"""Networks on sets of particles: encoders pool them and are permutation invariant, decoders arrange them from a code."""

from collections.abc import Callable
from typing import Literal

import keras
from keras import KerasTensor, layers, ops
from pydantic import PositiveInt

from offshell.models.event_shapes import CloudShape, Shape, cloud_shape
from offshell.models.networks.clouds.layers.attention import SetAttention
from offshell.models.networks.clouds.layers.coordinates import ParticleFeatures, ParticleHead
from offshell.models.networks.clouds.layers.epic import EPiC
from offshell.models.networks.clouds.layers.masked import masked_mean
from offshell.models.networks.clouds.layers.message_passing import MessagePassing
from offshell.models.networks.clouds.layers.pointnet import PointNetMix
from offshell.models.networks.drawn import Dense
from offshell.models.networks.settings import NetworkSettings

__all__ = [
    "SetsSettings",
    "attention_decoder",
    "attention_encoder",
    "deep_sets_decoder",
    "deep_sets_encoder",
    "message_passing_decoder",
    "message_passing_encoder",
]

_HEADS = 4


def deep_sets_encoder(shape: CloudShape, *, hidden: int, layers: int, size: int | None = None) -> keras.Model:
    """EPiC layers between particles and a global vector (arXiv:2301.08128), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(_exchange, shape, hidden, layers, size)


def attention_encoder(shape: CloudShape, *, hidden: int, layers: int, size: int | None = None) -> keras.Model:
    """Set attention with four heads (arXiv:1810.00825), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle, a multiple of four.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(_attend, shape, hidden, layers, size)


def message_passing_encoder(
    shape: CloudShape, *, hidden: int, layers: int, size: int | None = None
) -> keras.Model:
    """Residual message passing between all pairs of particles (arXiv:2106.11535), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle, width of all hidden layers.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(_pass_messages, shape, hidden, layers, size)


def deep_sets_decoder(size: int, *, hidden: int, layers: int, shape: CloudShape) -> keras.Model:
    """EPiC layers between particles and a global vector (arXiv:2301.08128), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(_exchange, size, hidden, layers, shape)


def attention_decoder(size: int, *, hidden: int, layers: int, shape: CloudShape) -> keras.Model:
    """Set attention with four heads (arXiv:1810.00825), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle, a multiple of four.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(_attend, size, hidden, layers, shape)


def message_passing_decoder(size: int, *, hidden: int, layers: int, shape: CloudShape) -> keras.Model:
    """Residual message passing between all pairs of particles (arXiv:2106.11535), from codes `(n, size)` to clouds.

    Args:
        size: width of the code.
        hidden: features of each particle, width of all hidden layers.
        layers: number of set layers.
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
    """
    return _decoder(_pass_messages, size, hidden, layers, shape)


def _encoder(
    stack: Callable[..., KerasTensor], shape: CloudShape, hidden: int, depth: int, size: int | None
) -> keras.Model:
    inputs = keras.Input(shape)
    features, mask = ParticleFeatures()(inputs)
    x = stack(Dense(hidden, activation="leaky_relu")(features), mask, depth=depth)
    summary = PointNetMix(point=(2 * hidden,), joint=(2 * hidden, hidden))([x, mask])
    code = summary if size is None else Dense(size)(summary)
    return keras.Model(inputs, code, name="encoder")


def _decoder(
    stack: Callable[..., KerasTensor], size: int, hidden: int, depth: int, shape: CloudShape
) -> keras.Model:
    particles, columns = shape
    code = keras.Input((size,))
    x = Dense(particles * hidden, activation="leaky_relu")(Dense(2 * hidden, activation="leaky_relu")(code))
    x = layers.Reshape((particles, hidden))(x)
    x = stack(x, ops.ones_like(x[..., :1]), depth=depth)
    return keras.Model(code, ParticleHead(columns)(x), name="decoder")


def _exchange(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """EPiC layers on features `(n, particles, hidden)`, with a global vector as wide as those."""
    hidden, jet = x.shape[-1], masked_mean(x, mask)
    for _ in range(depth):
        x, jet = EPiC(hidden, hidden)([x, jet, mask])
    return x


def _attend(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """Attention blocks on features `(n, particles, hidden)`, normalized at the end."""
    for _ in range(depth):
        x = SetAttention(x.shape[-1], _HEADS)([x, mask])
    return layers.LayerNormalization()(x)


def _pass_messages(x: KerasTensor, mask: KerasTensor, *, depth: int) -> KerasTensor:
    """Residual message passing on features `(n, particles, hidden)`, normalized before each step and at the end."""
    hidden = x.shape[-1]
    for _ in range(depth):
        passing = MessagePassing(edge=(hidden, hidden), node=(hidden, hidden))
        x = layers.Add()([x, passing([layers.LayerNormalization()(x), mask])])
    return layers.LayerNormalization()(x)


_NETWORKS = {
    "deep-sets": (deep_sets_encoder, deep_sets_decoder),
    "attention": (attention_encoder, attention_decoder),
    "message-passing": (message_passing_encoder, message_passing_decoder),
}


class SetsSettings(NetworkSettings):
    """Layers on sets of particles, EPiC layers for "deep-sets"; the decoder has as many of the same width."""

    kind: Literal["deep-sets", "attention", "message-passing"]
    hidden: PositiveInt = 64
    layers: PositiveInt = 3

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The encoder of that kind."""
        encoder, _ = _NETWORKS[self.kind]
        return encoder(cloud_shape(shape), size=size, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The decoder of that kind."""
        _, decoder = _NETWORKS[self.kind]
        return decoder(size, shape=cloud_shape(shape), **self.options)
