"""Fully connected networks for vectors."""

from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from offshell.models.networks.drawn import Dense

__all__ = ["dense_decoder", "dense_encoder"]


def dense_encoder(
    features: int,
    *,
    hidden: Sequence[int],
    size: int | None = None,
    activation: str = "relu",
    normalize: bool = False,
    bias: bool = True,
) -> keras.Model:
    """A fully connected network from `(n, features)` to `(n, size)`.

    Args:
        features: number of input features.
        hidden: widths of the hidden layers.
        size: width of a last linear layer, the code of an autoencoder; `None` leaves it out, as a VAE adds its own heads.
        activation: after each hidden layer, by its name in Keras.
        normalize: whether batch normalization (Ioffe and Szegedy, arXiv:1502.03167) precedes each activation.
        bias: whether there are biases; a Deep SVDD must not have any.
    """
    x = inputs = keras.Input((features,))
    x = _hidden(x, hidden, activation, normalize=normalize, bias=bias)
    code = x if size is None else Dense(size, use_bias=bias)(x)
    return keras.Model(inputs, code, name="encoder")


def dense_decoder(
    size: int,
    *,
    hidden: Sequence[int],
    features: int,
    activation: str = "relu",
    normalize: bool = False,
) -> keras.Model:
    """A fully connected network from codes `(n, size)` to `(n, features)`, linear at the end.

    Args:
        size: width of the code.
        hidden: widths of the hidden layers.
        features: number of output features.
        activation: after each hidden layer, by its name in Keras.
        normalize: whether batch normalization precedes each activation.
    """
    x = inputs = keras.Input((size,))
    x = _hidden(x, hidden, activation, normalize=normalize, bias=True)
    return keras.Model(inputs, Dense(features)(x), name="decoder")


def _hidden(
    x: KerasTensor, widths: Sequence[int], activation: str, *, normalize: bool, bias: bool
) -> KerasTensor:
    for width in widths:
        # Batch normalization subtracts the mean, so that a bias before it would have no effect.
        x = Dense(width, use_bias=bias and not normalize)(x)
        if normalize:
            x = layers.BatchNormalization(center=bias)(x)
        x = layers.Activation(activation)(x)
    return x
