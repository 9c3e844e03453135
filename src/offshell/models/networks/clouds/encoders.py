"""Encoders of particle clouds: set layers, then pooling; permutation invariant."""

from collections.abc import Callable

import keras
from keras import KerasTensor

from offshell.models.networks.clouds import stacks
from offshell.models.networks.clouds.coordinates import ParticleFeatures
from offshell.models.networks.clouds.pointnet import PointNetMix
from offshell.models.networks.drawn import Dense

__all__ = ["attention_encoder", "deep_sets_encoder", "message_passing_encoder"]

Shape = tuple[int, int]


def deep_sets_encoder(shape: Shape, *, hidden: int, layers: int, size: int | None = None) -> keras.Model:
    """EPiC layers between particles and a global vector (arXiv:2301.08128), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(stacks.exchange, shape, hidden, layers, size)


def attention_encoder(shape: Shape, *, hidden: int, layers: int, size: int | None = None) -> keras.Model:
    """Set attention with four heads (arXiv:1810.00825), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle, a multiple of four.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(stacks.attend, shape, hidden, layers, size)


def message_passing_encoder(
    shape: Shape, *, hidden: int, layers: int, size: int | None = None
) -> keras.Model:
    """Residual message passing between all pairs of particles (arXiv:2106.11535), from clouds to `(n, size)`.

    Args:
        shape: particles and columns of the clouds, 4 for relative coordinates and 5 for four-vectors.
        hidden: features of each particle, width of all hidden layers.
        layers: number of set layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    return _encoder(stacks.pass_messages, shape, hidden, layers, size)


def _encoder(
    stack: Callable[..., KerasTensor], shape: Shape, hidden: int, depth: int, size: int | None
) -> keras.Model:
    inputs = keras.Input(shape)
    features, mask = ParticleFeatures()(inputs)
    x = stack(Dense(hidden, activation="leaky_relu")(features), mask, depth=depth)
    summary = PointNetMix(point=(2 * hidden,), joint=(2 * hidden, hidden))([x, mask])
    code = summary if size is None else Dense(size)(summary)
    return keras.Model(inputs, code, name="encoder")
