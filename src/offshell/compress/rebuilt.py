"""Networks taken apart and built again, with the same weights."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import layers

from offshell.errors import InputError

__all__ = ["again", "copy_weights", "values_of", "without_rescaling"]

Events = Float[np.ndarray, "n ..."]


def without_rescaling(network: keras.Model) -> keras.Model:
    """The same network with the factors of its inputs in the weights of what follows them."""
    factors = {
        layer.output.name: layer.scale for layer in network.layers if isinstance(layer, layers.Rescaling)
    }
    if not factors:
        return network

    def called(layer: layers.Layer, x: Any, **options: Any) -> Any:  # noqa: ANN401 - Keras' signature
        return x if isinstance(layer, layers.Rescaling) else layer(x, **options)

    plain = keras.models.clone_model(network, call_function=called, clone_function=again)
    for old in network.layers:
        factor = factors.get(getattr(old.input, "name", ""), 1.0)
        if hasattr(old, "kernel"):
            copy_weights(old, plain.get_layer(old.name), factor=factor)
        elif factor != 1:
            raise InputError(
                f"A rescaling has no weights to go into. Expected: a dense or convolutional layer after it. "
                f"Received: {old.name} of type {type(old).__name__}."
            )
    return plain


def again(layer: layers.Layer) -> layers.Layer:
    """A layer of the same settings, with weights of its own."""
    made: layers.Layer = layer.from_config(layer.get_config())
    return made


def values_of(network: keras.Model, x: Events) -> dict[str, Events]:
    """What every tensor of a network holds for a batch of events, by name of the tensor."""
    tensors = {
        tensor.name: tensor
        for layer in network.layers
        for tensor in (*keras.tree.flatten(layer.input), layer.output)
    }
    values: dict[str, Events] = keras.Model(network.inputs, tensors).predict(x, verbose=0)
    return values


def copy_weights(old: layers.Layer, new: layers.Layer, *, factor: float = 1.0) -> None:
    """Weights as new arrays, because `predict` of Keras gives those of a model away to JAX."""
    for name, times in (("kernel", factor), ("bias", 1.0)):
        if getattr(old, name, None) is not None:
            getattr(new, name).assign(times * np.array(getattr(old, name).value))
