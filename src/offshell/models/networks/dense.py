"""Fully connected networks for vectors."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import KerasTensor, layers
from pydantic import PositiveInt

from offshell.models.event_shapes import Shape, n_features
from offshell.models.networks.drawn import Dense
from offshell.models.networks.settings import NetworkSettings

__all__ = ["DenseSettings", "dense_decoder", "dense_encoder"]


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


class DenseSettings(NetworkSettings):
    """Fully connected layers; the decoder is their mirror image."""

    kind: Literal["dense"] = "dense"
    hidden: list[PositiveInt] = [32, 16]
    activation: Literal["relu", "leaky_relu"] = "relu"
    normalize: bool = False

    def encoder(self, shape: Shape, *, size: int | None = None, bias: bool = True) -> keras.Model:
        """The layers in the order of the table, without biases where a detector must not have any."""
        return dense_encoder(n_features(shape), size=size, bias=bias, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The layers in the opposite order."""
        options = self.options | {"hidden": self.hidden[::-1]}
        return dense_decoder(size, features=n_features(shape), **options)
