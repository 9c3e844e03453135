"""The ways of computing a design: integer program, C++ emulator, RTL in Verilator, HLS project in C simulation."""

from pathlib import Path

import numpy as np
from jaxtyping import Int64

from offshell.firmware import compiler
from offshell.firmware.csimulation import csimulate
from offshell.firmware.design import Design
from offshell.firmware.emulator import emulate
from offshell.firmware.proof import Ways
from offshell.firmware.simulation import simulate

__all__ = ["ways_of"]

Decisions = Int64[np.ndarray, "n 2"]


def ways_of(design: Design, *, builds: Path) -> Ways:
    """Every way of computing scores and bits that comes with a design.

    Args:
        design: what to compute.
        builds: a folder that keeps compiled simulations.
    """
    trigger, folder = design.trigger, design.folder
    program = compiler.load(folder / "program.json.gz")
    return {
        "The integer program": lambda x: compiler.interpret(program, trigger, x),
        "The C++ emulator": lambda x: emulate(folder / "emulator", x, design.ports, builds=builds),
        "The RTL in Verilator": lambda x: simulate(design.sources, x, design.ports, builds=builds),
        "The HLS project in C simulation": lambda x: csimulate(folder / "hls", x, build=builds),
    }
