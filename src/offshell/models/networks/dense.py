"""Fully connected networks for vectors."""

from collections.abc import Sequence

import keras
from keras import layers

from offshell.models.networks.stages import code

__all__ = ["dense_decoder", "dense_encoder"]


def dense_encoder(features: int, *, hidden: Sequence[int], size: int | None = None) -> keras.Model:
    """A fully connected network from `(n, features)` to `(n, size)`.

    Args:
        features: number of input features.
        hidden: widths of the hidden layers, each followed by a ReLU.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
    """
    x = inputs = keras.Input((features,))
    for width in hidden:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(inputs, code(x, size), name="encoder")


def dense_decoder(size: int, *, hidden: Sequence[int], features: int) -> keras.Model:
    """A fully connected network from codes `(n, size)` to `(n, features)`, linear at the end.

    Args:
        size: width of the code.
        hidden: widths of the hidden layers, each followed by a ReLU.
        features: number of output features.
    """
    x = inputs = keras.Input((size,))
    for width in hidden:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(features)(x), name="decoder")
