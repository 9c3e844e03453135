"""Where the numbers of a quantized network saturate: anomalies lie outside the range that background events fill."""

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from jaxtyping import Bool, Float
from keras import KerasTensor

from offshell.compress.products import is_quantized, width
from offshell.errors import InputError
from offshell.models.batch import events_at_once

__all__ = ["Saturation", "saturation"]

Events = Float[np.ndarray, "n ..."]
Beyond = Bool[np.ndarray, "n values"]


@dataclass(frozen=True)
class Saturation:
    """How often the numbers that enter a layer, or leave one that rounds them, are beyond the range of the quantizer.

    Attributes:
        lane: The layer, with the number of the input if it has several, or with "output".
        values: Share of all values; those that a quantizer of zero bits drops are not counted.
        events: Share of events with at least one such value.
    """

    lane: str
    values: float
    events: float


def saturation(network: keras.Model, x: Events) -> list[Saturation]:
    """How often each quantizer of data of a network saturates, in the order of the layers.

    A value saturates if it is beyond the range after rounding; one that leaves the network, if it is the largest or the lowest
    negative number of the range (what it was before is not known).

    Args:
        network: functional, with layers of HGQ2.
        x: its inputs, `(n, ...)`: background, a signal, or extremes, to be compared.

    Raises:
        InputError: if no layer is quantized, or there are no events.
    """
    lanes = list(_lanes(network))
    if not lanes or not len(x):
        raise InputError(
            "There is nothing to saturate. Expected: a quantized network and events. "
            f"Received: {network.name} with {len(lanes)} quantizers of data, and {len(x)} events."
        )
    probe = keras.Model(network.inputs[0], [lane.tensor for lane in lanes])
    beyond: list[list[Beyond]] = [[] for _ in lanes]
    size = events_at_once(x.shape[1:])
    for start in range(0, len(x), size):
        # Not `predict`, which gives the weights away to JAX, to the harm of other models that share them.
        tensors = keras.tree.flatten(probe(x[start : start + size], training=False))
        for lane, values, parts in zip(lanes, tensors, beyond, strict=True):
            parts.append(_beyond(lane, np.asarray(values)))
    return [_shares(lane.name, np.concatenate(parts)) for lane, parts in zip(lanes, beyond, strict=True)]


@dataclass(frozen=True)
class _Lane:
    name: str
    quantizer: keras.Layer
    tensor: KerasTensor
    is_output: bool = False


def _lanes(network: keras.Model) -> Iterator[_Lane]:
    for layer in filter(is_quantized, network.layers):
        inputs = keras.tree.flatten(layer.input)
        if len(inputs) == 1:
            yield _Lane(layer.name, layer.iq, inputs[0])
        else:
            for number, (quantizer, tensor) in enumerate(zip(layer.iq, inputs, strict=True), start=1):
                yield _Lane(f"{layer.name} {number}", quantizer, tensor)
        if layer.enable_oq:
            yield _Lane(f"{layer.name} output", layer.oq, layer.output, is_output=True)


def _beyond(lane: _Lane, values: Events) -> Beyond:
    """Whether each value saturates; only of values that are kept."""
    shape, quantizer = (1, *values.shape[1:]), lane.quantizer
    low, high, step = (
        np.asarray(function(shape), np.float64)
        for function in (quantizer.min_, quantizer.max_, quantizer.epsilon_)
    )
    rounded = np.floor(values / step + 0.5) * step
    past = (rounded < low) | (rounded > high)
    at_the_end = (values >= high) | ((values <= low) & (low < 0))
    return np.asarray((at_the_end if lane.is_output else past)[:, width(quantizer, shape)[0] > 0])


def _shares(lane: str, beyond: Beyond) -> Saturation:
    return Saturation(lane, float(beyond.mean()) if beyond.size else 0.0, float(beyond.any(axis=1).mean()))
