"""RTL compiled to a program of this machine by Verilator, kept and reused while its sources stay the same."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from offshell.errors import FirmwareError
from offshell.firmware.fingerprint import fingerprint
from offshell.firmware.tools import verilator_environment, versions

__all__ = ["verilated"]

# Nearly all of the time goes into compiling: a simulation of 100,000 events takes a second even with -O1.
_EFFORT = "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0"
_FLAGS = (
    "--build", "--timescale", "1ns/1ps", "-Wno-fatal", "-Wno-lint", "-Wno-style",
    "-O3", "--x-assign", "unique", "--x-initial", "unique",
    "--output-split", "10000", "--output-split-cfuncs", "300", "-j", "2",
    "--MAKEFLAGS", _EFFORT,
)  # fmt: skip


def verilated(sources: Sequence[Path], arguments: Sequence[str], *, top: str, folder: Path) -> Path:
    """A program that simulates a design.

    Args:
        sources: Verilog, and C++ if Verilator is not to write the main program.
        arguments: What Verilator is told besides: `--cc --exe`, `--binary`, `--trace-vcd`, ...
        top: The top module.
        folder: Where the program is kept; made if needed.

    Returns:
        The path of the program: that of an earlier call if the sources, the arguments and the tools were the same.

    Raises:
        InputError: If a source cannot be read.
        FirmwareError: If it cannot be built.
    """
    command = [*_FLAGS, *arguments, "--top-module", top, *[str(path.resolve()) for path in sources]]
    program = folder / f"{top}-{_fingerprint(sources, arguments)}"
    if not program.exists():
        _build(command, program)
    return program


def _build(command: Sequence[str], program: Path) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent, prefix=".build-") as objects:
        call = ["verilator", *command, "--Mdir", objects, "-o", "simulation"]
        environment = verilator_environment(Path(objects))
        done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FirmwareError(_failure(done.stdout + done.stderr, program.with_suffix(".log")))
        (Path(objects) / "simulation").replace(program)


def _failure(log: str, path: Path) -> str:
    path.write_text(log)
    complaints = [line for line in log.splitlines() if "error" in line.lower()]
    return f"The simulation cannot be built. Expected: Verilog that Verilator takes. Received: {complaints[0]} (all in {path})."


def _fingerprint(sources: Sequence[Path], arguments: Sequence[str]) -> str:
    tools = versions()
    context = (_FLAGS, *arguments, tools["verilator"], tools["g++"])
    return fingerprint(sources, context, kind="Verilog")
