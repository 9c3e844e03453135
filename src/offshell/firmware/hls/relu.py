"""ReLU layers as hls4ml computes them right, without changing a bit.

hls4ml 1.3 refuses a ReLU with a maximum. It gives the threshold of one without a type of 2 bits in steps of 2^30, with which
its fixed-point types compare wrongly: negative numbers pass unless the next quantizer saturates.
"""

from typing import Any

import keras
from keras import KerasTensor, layers

__all__ = ["plain_relus"]


def plain_relus(network: keras.Model) -> keras.Model:
    r"""The same function with activations $\max(0, x)$ in place of ReLU layers.

    A maximum $c$ becomes $c - \max(0, c - \max(0, x))$; both differences are batch normalizations with the scale -1.

    Args:
        network: a functional model.

    Returns:
        A copy, or the network itself if it has no such layer.
    """
    if not any(isinstance(layer, layers.ReLU) for layer in network.layers):
        return network
    clone = keras.models.clone_model(network, call_function=_called)
    for layer in network.layers:
        if layer.weights:
            clone.get_layer(layer.name).set_weights(layer.get_weights())
    return clone


def _called(layer: layers.Layer, *args: Any, **options: Any) -> KerasTensor:  # noqa: ANN401 - as Keras calls it
    if not isinstance(layer, layers.ReLU):
        return layer(*args, **options)
    found = _relu(args[0])
    if layer.max_value is None:
        return found
    cap = float(layer.max_value)
    return _difference(cap, _relu(_difference(cap, found)))


def _relu(x: KerasTensor) -> KerasTensor:
    return layers.Activation("relu")(x)


def _difference(cap: float, x: KerasTensor) -> KerasTensor:
    """The cap minus a tensor."""
    constant = keras.initializers.Constant
    return layers.BatchNormalization(
        epsilon=0.0, gamma_initializer=constant(-1.0), beta_initializer=constant(cap)
    )(x)
