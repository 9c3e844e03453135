"""Cycle-accurate simulation of RTL: a new event every clock, integers in, integers out.

Nothing but the sources, their ports and Verilator is needed, so that a design can be checked on a machine that has never
seen the model or the compiler.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int64, UInt64

from offshell.errors import FirmwareError, InputError
from offshell.firmware.rtl.verilation import verilated
from offshell.firmware.trigger.ports import Ports, pack, unpack
from offshell.io.replacing import replacing

__all__ = ["measured_latency", "record", "simulate"]

_DRIVER = Path(__file__).parent / "driver.cpp"
_DRIVEN = ("--cc", "--exe")
_RECORDED = ("--trace-vcd", "--trace-depth", "2", "--trace-max-width", "0")
_BYTES = 8
_CLOCKS_AFTER = 8
"""Clocks for which a simulation goes on after the last output is due."""


def simulate(
    sources: Sequence[Path], integers: Int64[np.ndarray, "n inputs"], ports: Ports, *, builds: Path
) -> Int64[np.ndarray, "n outputs"]:
    """The outputs of a design, each taken `ports.latency` clocks after its event.

    Registers start with random contents.

    Args:
        sources: The Verilog of a module `trigger` with the ports `clk`, `model_inp` and `model_out`.
        integers: Events, one after the other every clock.
        ports: Formats and latency.
        builds: A folder that keeps the compiled simulation, which is reused while the sources are the same.

    Raises:
        InputError: If the events do not fit the ports.
        FirmwareError: If the simulation cannot be built or does not run.
    """
    every_clock = _clocked(sources, integers, ports, builds)
    return every_clock[ports.latency : ports.latency + len(integers)]


def measured_latency(
    sources: Sequence[Path],
    integers: Int64[np.ndarray, "n inputs"],
    expected: Int64[np.ndarray, "n outputs"],
    ports: Ports,
    *,
    builds: Path,
) -> int | None:
    """Clocks after which a design gives the expected outputs of all events; `None` if it never does.

    It tells a wrong latency from a wrong result, if the events differ in their outputs.
    """
    every_clock = _clocked(sources, integers, ports, builds)
    for latency in range(len(every_clock) - len(integers) + 1):
        if np.array_equal(every_clock[latency : latency + len(integers)], expected):
            return latency
    return None


def record(
    sources: Sequence[Path],
    integers: Int64[np.ndarray, "n inputs"],
    ports: Ports,
    *,
    builds: Path,
    wave: Path,
) -> None:
    """Writes the registers of a design as VCD, the time being the number of the clock that has just been; see `simulate`."""
    words = _with_clocks_after(integers, ports)
    program = verilated([*sources, _DRIVER], [*_DRIVEN, *_RECORDED], top="trigger", folder=builds)
    with replacing(wave) as temporary:
        _run(program, words, ports, temporary)


def _clocked(
    sources: Sequence[Path], integers: Int64[np.ndarray, "n inputs"], ports: Ports, builds: Path
) -> Int64[np.ndarray, "clocks outputs"]:
    """The outputs after every clock, from the one that takes the first event until some time after the last."""
    words = _with_clocks_after(integers, ports)
    program = verilated([*sources, _DRIVER], _DRIVEN, top="trigger", folder=builds)
    return unpack(_run(program, words, ports), ports.outputs)


def _with_clocks_after(
    integers: Int64[np.ndarray, "n inputs"], ports: Ports
) -> UInt64[np.ndarray, "clocks words"]:
    if len(integers) == 0:
        raise InputError("There is nothing to simulate. Expected: at least one event. Received: 0.")
    words = pack(integers, ports.inputs)
    return np.concatenate([words, np.zeros((ports.latency + _CLOCKS_AFTER, words.shape[1]), np.uint64)])


def _run(
    program: Path, words: UInt64[np.ndarray, "clocks words"], ports: Ports, *recorded: Path
) -> UInt64[np.ndarray, "clocks words"]:
    width = _BYTES * max(1, -(-ports.output_bits // (8 * _BYTES)))
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "inputs.bin", Path(folder) / "outputs.bin"
        words.tofile(given)
        call: list[str | Path] = [program, given, taken, str(_BYTES * words.shape[1]), str(width), *recorded]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FirmwareError(f"The simulation stopped. Expected: outputs. Received: {done.stderr[-200:]}.")
        return np.fromfile(taken, np.uint64).reshape(len(words), -1)
