"""The only place that knows the firmware compiler: alkaid, from integer arithmetic to pipelined Verilog or VHDL.

alkaid (C. Sun and others, LGPL-3) continues da4ml (arXiv:2507.04535): matrices of constants become trees of shifted
additions that share their parts, so that a network needs no multipliers.
"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import keras
import numpy as np
from jaxtyping import Float, Int64

from offshell.errors import InputError, from_extra
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.fixed import Fixed, formats_of

with from_extra("firmware", needed="The firmware compiler needs alkaid"):
    from alkaid.codegen import RTLModel
    from alkaid.converter import trace_model
    from alkaid.trace import FVArray
    from alkaid.trace import trace as _trace
    from alkaid.trace.passes import add_surrogate, dead_code_elimin, fuse_ternary_adders
    from alkaid.trace.pipeline import to_pipeline
    from alkaid.types import CombLogic

__all__ = [
    "TOP",
    "Pipeline",
    "Program",
    "estimate",
    "interpret",
    "layers",
    "load",
    "outputs_of_layers",
    "score_format",
    "stages",
    "trace",
    "trace_layers",
    "write_rtl",
]

Program: TypeAlias = CombLogic
"""Integer arithmetic without branches: additions, shifts, tables, and multiplexers."""

TOP = "trigger"
"""The name of the top module."""

# alkaid 0.8.2 fails on tables of single bits that count as minus one.
_SOLVER = {"binary_lut": False}

Integers = Int64[np.ndarray, "n inputs"]


@dataclass(frozen=True)
class Pipeline:
    """RTL on disk.

    Attributes:
        folder: Sources in `src`, constraints beside them, scripts for the vendor's tools.
        sources: The Verilog or VHDL files.
        latency: Clocks from the one that takes an event to the one after which its score can be read.
        stages: The programs between the registers, in their order.
        luts: The compiler's estimate.
        flip_flops: Register bits.
    """

    folder: Path
    sources: tuple[Path, ...]
    latency: int
    stages: tuple[Program, ...]
    luts: float
    flip_flops: int


def trace(trigger: Trigger) -> Program:
    """The program of a trigger, from its inputs to the score and the bit."""
    inputs = _inputs(trigger)
    _, score = _followed(trigger, inputs)
    return _trace(inputs, _decision(trigger, score), keep_dead_inputs=True)


def interpret(program: Program, trigger: Trigger, integers: Integers) -> Int64[np.ndarray, "n 2"]:
    """Integer scores and bits by alkaid's interpreter."""
    found = program.predict(integers * 2.0**-trigger.fractions)
    return np.asarray(np.rint(found * [2.0**trigger.fraction, 1]), np.int64)


def trace_layers(trigger: Trigger) -> Program:
    """The program of a trigger that gives the results of scaling and of every layer, one after the other."""
    inputs = _inputs(trigger)
    found, _ = _followed(trigger, inputs)
    return _trace(inputs, _joined(list(found.values())), keep_dead_inputs=True)


def outputs_of_layers(
    program: Program, trigger: Trigger, integers: Integers
) -> dict[str, Float[np.ndarray, "n size"]]:
    """What each layer gives, by name in the order of the layers, by alkaid's interpreter of what `trace_layers` returns."""
    sizes = {"scaling": len(trigger.formats)}
    if trigger.network is not None:
        sizes |= {layer.name: math.prod(layer.output.shape[1:]) for layer in trigger.network.layers[1:]}
    ends = np.cumsum(list(sizes.values()))
    parts = np.split(program.predict(integers * 2.0**-trigger.fractions), ends[:-1], axis=1)
    return dict(zip(sizes, parts, strict=True))


def layers(trigger: Trigger) -> dict[str, Program]:
    """One program for each part of a trigger, each from the results of the part before: layers, then score and bit.

    The scaling is in the program of the first layer, which drops most of what it does not look at.
    """
    inputs = _inputs(trigger)
    scaled, parts, outputs = trigger.scaled(inputs), {}, []
    if trigger.network is not None:
        found = {trigger.network.inputs[0].name: scaled.reshape(1, *trigger.shape)}
        first, *others = trigger.network.layers[1:]
        result = _result(first, [found[first.input.name]])
        parts[f"scaling, {first.name}"], found[first.output.name] = _trace(inputs, result), result
        for layer in others:
            given = [_fresh(found[tensor.name]) for tensor in keras.tree.flatten(layer.input)]
            found[layer.output.name] = _result(layer, given)
            parts[layer.name] = _trace(_joined(given), found[layer.output.name])
        outputs = [_fresh(found[tensor.name]).reshape(1, -1) for tensor in trigger.network.outputs]
    scaled = _fresh(scaled)
    decision = _decision(trigger, trigger.score.head(scaled, outputs))
    return {**parts, "score": _trace(_joined([scaled, *outputs]), decision)}


def score_format(trigger: Trigger) -> Fixed:
    """The format that holds every score of a trigger exactly."""
    return formats_of(trace(trigger).out_kifs)[0]


def estimate(program: Program) -> float:
    """The compiler's estimate of the LUTs of a program."""
    return float(_fused(program).cost)


def write_rtl(
    program: Program, folder: Path, *, clock_ns: float, part: str, flavor: str = "verilog"
) -> Pipeline:
    """Pipelined RTL with a new event every clock, constraints, and scripts for the tools of AMD and Intel.

    Args:
        program: what `trace` returns.
        folder: a folder for `src`, `sim` and the scripts; made if needed.
        clock_ns: period of the clock, after which the compiler cuts its paths by its own estimate of their delay.
        part: the device, by the vendor's name.
        flavor: `"verilog"` or `"vhdl"`.
    """
    model = RTLModel(
        program,
        folder,
        TOP,
        flavor=flavor,
        latency_cutoff=clock_ns,
        print_latency=False,
        part_name=part,
        clock_period=clock_ns,
    )
    model.write()
    stages = tuple(model.fsm.logic.values())
    return Pipeline(
        folder=folder,
        sources=tuple(
            sorted(path for path in (folder / "src").rglob("*.v*") if path.suffix in {".v", ".vhd"})
        ),
        latency=int(model.latency),
        stages=stages,
        luts=float(sum(stage.cost for stage in stages)),
        flip_flops=int(model.reg_bits),
    )


def stages(program: Program, *, clock_ns: float) -> tuple[Program, ...]:
    """The programs between the registers that `write_rtl` puts into a program."""
    return tuple(to_pipeline(_fused(program), latency_cutoff=clock_ns, verbose=False).logic.values())


def load(path: Path) -> Program:
    """A program that `Program.save` wrote.

    Raises:
        InputError: if the file is missing or damaged.
    """
    try:
        return CombLogic.load(path)
    except (OSError, EOFError, ValueError, LookupError, TypeError, zlib.error) as error:
        raise InputError(
            f"Cannot read {path}. Expected: a program of offshell. Received: {str(error).splitlines()[0]}."
        ) from None


def _followed(trigger: Trigger, inputs: FVArray) -> tuple[dict[str, FVArray], FVArray]:
    """The symbols that each layer gives by name, and the score, `(1,)`."""
    scaled = trigger.scaled(inputs)
    if trigger.network is None:
        return {"scaling": scaled}, trigger.score.head(scaled, [])
    dump = trace_model(trigger.network, inputs=(scaled.reshape(1, *trigger.shape),), dump=True)
    outputs = [output.reshape(1, -1) for output in dump["final"]]
    found = {key.split("/")[1]: value[0] for key, value in dump.items() if key.endswith("/final")}
    ordered = {layer.name: found[layer.name] for layer in trigger.network.layers[1:]}
    return {"scaling": scaled, **ordered}, trigger.score.head(scaled, outputs)


def _result(layer: keras.Layer, given: Sequence[FVArray]) -> FVArray:
    """What one layer makes of its inputs."""
    single = keras.Model(layer.input, layer.output)
    (result,) = trace_model(single, inputs=tuple(given), dump=True)["final"]
    return result


def _decision(trigger: Trigger, score: FVArray) -> FVArray:
    return np.concatenate([score, score > trigger.threshold * 2.0**-trigger.fraction])


def _inputs(trigger: Trigger) -> FVArray:
    signed, integer, fraction = np.array([(f.signed, f.integer, f.fraction) for f in trigger.formats]).T
    return FVArray.from_kif(signed, integer, fraction, solver_options=_SOLVER)[np.newaxis]


def _fresh(symbols: FVArray) -> FVArray:
    """Symbols of the same formats without a past; not of the same ranges, which tables of the compiler grow beyond."""
    return FVArray.from_kif(*symbols.kif, solver_options=_SOLVER)


def _joined(arrays: Sequence[FVArray]) -> FVArray:
    return np.concatenate([np.ravel(array) for array in arrays])


def _fused(program: Program) -> Program:
    """What `write_rtl` makes of it: three operands in one adder where that saves LUTs."""
    return add_surrogate(dead_code_elimin(fuse_ternary_adders(program)), _skip_op8_cost=True)
