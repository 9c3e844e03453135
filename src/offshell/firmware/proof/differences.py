"""In words: the first layer, or the first register of the RTL, in which an event leaves what it should be."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from jaxtyping import Float, Int64

from offshell.firmware.rtl import compiler
from offshell.firmware.rtl.compiler import Program
from offshell.firmware.rtl.registers import differing_register
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.ports import Ports

__all__ = ["differing_layer", "differing_stage"]

Event = Int64[np.ndarray, "1 inputs"]


def differing_layer(trigger: Trigger, program: Program, event: Event) -> str:
    """Where Keras and the integer program part.

    Args:
        trigger: by which Keras computes.
        program: of `compiler.trace_layers`.
        event: integers of one event.
    """
    by_keras = _outputs_by_keras(trigger, event)
    for name, expected in compiler.outputs_of_layers(program, trigger, event).items():
        places = np.flatnonzero(by_keras[name] != expected)
        if len(places):
            place = int(places[0])
            return (
                f"The first layer that differs is {name}: element {place} is {by_keras[name][0, place]:g} by Keras, "
                f"{expected[0, place]:g} by the integer program of the layers."
            )
    return "All layers agree: the difference is in the score, the threshold or the expectation."


def differing_stage(
    sources: Sequence[Path], stages: Sequence[Program], event: Event, ports: Ports, *, builds: Path
) -> str:
    """Where the RTL leaves the integer program; the arguments are those of `registers.differing_register`."""
    found = differing_register(sources, stages, event, ports, builds=builds)
    if found is None:
        return (
            "All registers agree: the difference is in the latency, or in what another event leaves behind."
        )
    return (
        f"The first register that differs is {found.register}: element {found.element} is {found.received}, "
        f"where the integer program has {found.expected}."
    )


def _outputs_by_keras(trigger: Trigger, event: Event) -> dict[str, Float[np.ndarray, "1 size"]]:
    scaled = trigger.scaled(event * 2.0**-trigger.fractions)
    if trigger.network is None:
        return {"scaling": scaled}
    tensors = {layer.name: layer.output for layer in trigger.network.layers[1:]}
    outputs = keras.Model(trigger.network.inputs, tensors).predict(trigger.seen(event), verbose=0)
    flat = {name: np.asarray(y, np.float64).reshape(1, -1) for name, y in outputs.items()}
    return {"scaling": scaled, **flat}
