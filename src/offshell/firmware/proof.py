"""The proof of a design: every way of computing it gives the same integers as Keras, or the command fails."""

from collections.abc import Callable, Mapping

import keras
import numpy as np
from jaxtyping import Float, Int64

from offshell.errors import FirmwareError
from offshell.firmware import compiler
from offshell.firmware.trigger import Trigger
from offshell.firmware.vectors import Vectors

__all__ = ["Ways", "prove"]

Integers = Int64[np.ndarray, "n inputs"]
Decisions = Int64[np.ndarray, "n 2"]

Ways = Mapping[str, Callable[[Integers], Decisions]]
"""Ways of computing scores and bits from integers, by name."""


def prove(trigger: Trigger, vectors: Vectors, ways: Ways, *, expected: Decisions) -> dict[str, int]:
    """Compare every way with what is expected, bit for bit.

    Args:
        trigger: what is proven.
        vectors: the inputs.
        ways: of computing it.
        expected: scores and bits by Keras, `trigger.decisions`.

    Returns:
        How many vectors agreed, by name of the way.

    Raises:
        FirmwareError: with the first vector that differs, and the first layer that does.
    """
    for name, compute in ways.items():
        found = compute(vectors.integers)
        differing = np.flatnonzero((found != expected).any(axis=1))
        if len(differing):
            first = int(differing[0])
            raise FirmwareError(
                f"{name} differs in {len(differing):,} of {len(expected):,} vectors. Expected: score and bit "
                f"{expected[first].tolist()} for {_origin(vectors, first)}. Received: {found[first].tolist()}. "
                f"{_layer(trigger, vectors.integers[first : first + 1])}"
            )
    return dict.fromkeys(ways, len(expected))


def _origin(vectors: Vectors, number: int) -> str:
    """Which vector it is, such as "background 17"."""
    for origin, count in vectors.origins.items():
        if number < count:
            return f"{origin} {number}"
        number -= count
    return f"vector {number}"


def _layer(trigger: Trigger, event: Integers) -> str:
    """Where Keras and the integer program part, layer by layer."""
    found = compiler.outputs_of_layers(trigger, event)
    for name, expected in _outputs_by_keras(trigger, event).items():
        places = np.flatnonzero(expected != found[name])
        if len(places):
            place = int(places[0])
            return (
                f"The first layer that differs is {name}: element {place} is {expected[0, place]:g} by Keras, "
                f"{found[name][0, place]:g} by the integer program."
            )
    return "All layers of the integer program agree with Keras: the difference comes after it."


def _outputs_by_keras(trigger: Trigger, event: Integers) -> dict[str, Float[np.ndarray, "1 size"]]:
    scaled = trigger.scaled(event * 2.0**-trigger.fractions)
    if trigger.network is None:
        return {"scaling": scaled}
    tensors = {layer.name: layer.output for layer in trigger.network.layers[1:]}
    x = scaled.reshape(-1, *trigger.shape).astype(np.float32)
    outputs = keras.Model(trigger.network.inputs, tensors).predict(x, verbose=0)
    return {
        "scaling": scaled,
        **{name: np.asarray(y, np.float64).reshape(1, -1) for name, y in outputs.items()},
    }
