"""A self-checking Verilog test bench beside the golden vectors, for any simulator."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from offshell.errors import FirmwareError, InputError
from offshell.firmware.rendering import render
from offshell.firmware.rtl.verilation import verilated
from offshell.firmware.trigger.fixed import Fixed
from offshell.firmware.trigger.golden import EXPECTED, INPUTS
from offshell.firmware.trigger.ports import Ports
from offshell.io.replacing import replacing

__all__ = ["TESTBENCH", "run_testbench", "write_testbench"]

TESTBENCH = "trigger_tb.v"
_WAVE = "trigger_tb.vcd"


def write_testbench(folder: Path, ports: Ports, *, n_events: int, clock_ns: float, sources: str) -> None:
    """Writes `trigger_tb.v` and a `Makefile` that runs it with Verilator, Icarus, xsim or Questa.

    Args:
        folder: Where the golden vectors are.
        ports: Of the design; the outputs are the score and the bit.
        n_events: How many golden vectors there are as text.
        clock_ns: Period of the clock.
        sources: The folder of the design's Verilog, as seen from `folder`.

    Raises:
        InputError: If the outputs are not a score and one bit, or nothing can be written.
    """
    score, _ = _outputs(ports)
    values = {
        "n_events": n_events,
        "latency": ports.latency,
        "input_bits": ports.input_bits,
        "output_bits": ports.output_bits,
        "score_bits": score.bits,
        "signed": score.signed,
        "half_period": round(clock_ns / 2, 3),
        "inputs": INPUTS,
        "expected": EXPECTED,
        "sources": sources,
    }
    for template, name in (("trigger_tb.v.jinja", TESTBENCH), ("testbench.mk.jinja", "Makefile")):
        render(template, folder / name, **values)


def run_testbench(folder: Path, sources: Sequence[Path], *, builds: Path, wave: Path | None = None) -> int:
    """Runs the test bench with Verilator.

    Args:
        folder: The test bench and the golden vectors.
        sources: The design's Verilog.
        builds: A folder that keeps the compiled test bench, which is reused while the sources are the same.
        wave: Where the wires go as VCD.

    Returns:
        How many vectors agreed.

    Raises:
        FirmwareError: With the first vector that differs, or if the test bench cannot be built.
    """
    flags = ["--binary", "--timing", "--trace-vcd", "--trace-depth", "1"]
    program = verilated([*sources, folder / TESTBENCH], flags, top="trigger_tb", folder=builds)
    with tempfile.TemporaryDirectory() as place:
        for name in (INPUTS, EXPECTED):
            shutil.copy(folder / name, place)
        call: list[str | Path] = [program.resolve(), *(["+vcd"] if wave else [])]
        done = subprocess.run(call, cwd=place, capture_output=True, text=True, check=False)
        if wave is not None:
            with replacing(wave) as temporary:
                shutil.copy(Path(place) / _WAVE, temporary)
    return _verdict(done.stdout)


def _verdict(printed: str) -> int:
    verdicts = [line for line in printed.splitlines() if line.startswith(("PASS", "FAIL"))]
    if not verdicts or verdicts[0].startswith("FAIL"):
        found = verdicts[0] if verdicts else printed[-200:]
        raise FirmwareError(f"The test bench found a difference. Expected: PASS. Received: {found}.")
    return int(verdicts[0].split()[1])


def _outputs(ports: Ports) -> Sequence[Fixed]:
    widths = [form.bits for form in ports.outputs]
    if len(widths) != 2 or widths[0] == 0 or widths[1] != 1:  # noqa: PLR2004 - score and bit
        raise InputError(
            f"Wrong outputs for a test bench. Expected: a score and one bit. Received: {widths} bits."
        )
    return ports.outputs
