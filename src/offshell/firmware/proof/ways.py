"""The ways of computing a design: Keras, integer program, C++ emulator, RTL in Verilator, HLS project in C simulation."""

from functools import partial
from pathlib import Path

from offshell.firmware.design import Design
from offshell.firmware.emulator.cpp import emulate
from offshell.firmware.hls.csimulation import csimulate
from offshell.firmware.proof.agreement import Way
from offshell.firmware.proof.differences import differing_layer, differing_stage
from offshell.firmware.rtl import compiler
from offshell.firmware.rtl.simulation import simulate

__all__ = ["ways_of"]


def ways_of(design: Design, *, builds: Path) -> dict[str, Way]:
    """Every way of computing scores and bits that comes with a design.

    Args:
        design: what to compute.
        builds: a folder that keeps compiled simulations.

    Raises:
        InputError: if the network or a program is missing or damaged.
    """
    trigger, ports, folder = design.trigger, design.ports, design.folder
    program, layers = design.program, design.layers
    stages = compiler.stages(program, clock_ns=1e3 / design.about["clock_mhz"])
    layer = partial(differing_layer, trigger, layers)
    return {
        "Keras": Way(trigger.decisions, layer),
        "The integer program": Way(partial(compiler.interpret, program, trigger), layer),
        "The C++ emulator": Way(lambda x: emulate(folder / "emulator", x, ports, builds=builds)),
        "The RTL in Verilator": Way(
            lambda x: simulate(design.sources, x, ports, builds=builds),
            lambda event: differing_stage(design.sources, stages, event, ports, builds=builds),
        ),
        "The HLS project in C simulation": Way(lambda x: csimulate(folder / "hls", x, build=builds)),
    }
