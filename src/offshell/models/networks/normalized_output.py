"""Whether what a network gives always has the same sum."""

import keras
from keras import layers

__all__ = ["sums_to_one"]

_ONLY_RESHAPE = (layers.Reshape, layers.Flatten)


def sums_to_one(network: keras.Model) -> bool:
    """Whether a softmax over everything is the last thing that a network does, apart from reshaping."""
    last = next((layer for layer in reversed(network.layers) if not isinstance(layer, _ONLY_RESHAPE)), None)
    activation = getattr(last, "activation", None)
    return isinstance(last, layers.Softmax) or activation is keras.activations.softmax
