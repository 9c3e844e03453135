"""Place and route for a device with open tools, the Lattice ECP5, for a clock frequency that is measured, not estimated.

The ECP5 (40 nm, four-input LUTs) is slower than UltraScale+ (16 nm, six inputs). Its Fmax shows how pipeline depth and size
act; it says nothing in MHz about another device.
"""

import json
import os
import re
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offshell.errors import FirmwareError, InputError
from offshell.firmware.resources.synthesis import STAGES
from offshell.firmware.tools import nextpnr_ecp5, yosys

__all__ = ["PART", "CriticalPath", "Timing", "place_and_route"]

PART = "LFE5UM5G-85F-8"
"""The largest ECP5 in its fastest speed grade."""

_PART_OPTIONS = ("--um5g-85k", "--speed", "8", "--package", "CABGA756")
_N_CELLS = 83640  # LUT4 of the part, with a register each
_TARGET_MHZ = "400"  # out of reach, so that no path is called good enough
# From `synth_lattice` with `abc` in the place of `abc9`, which takes minutes for a large stage.
_MAP_LUTS = ("abc -lut 4:7 -dress", "clean")
_INSTANCE = "design"
_STAGE = re.compile(r"_inst_(logic\d+)\b")
_SPENT_IN_CELLS = {"clk-to-q", "logic", "setup"}


@dataclass(frozen=True)
class CriticalPath:
    """The slowest way from register to register.

    Attributes:
        start: The net that the first register drives.
        end: The net that the last register takes.
        stage: The pipeline stage it goes through, or "" where the names do not tell.
        logic_ns: Time in cells.
        routing_ns: Time on wires.
        in_design: Whether it lies in the design; if not, the harness is slower and the frequency a lower limit.
    """

    start: str
    end: str
    stage: str
    logic_ns: float
    routing_ns: float
    in_design: bool


@dataclass(frozen=True)
class Timing:
    """What place and route gave.

    Attributes:
        fmax_mhz: The highest clock frequency, median over the seeds (the lower of two).
        fmax_by_seed: Of each seed of the placement.
        luts: LUT4 in use, those of carry chains and of the harness included.
        flip_flops: Registers in use, those of the harness included.
        path: The critical path of the run with the median.
        part: The device.
    """

    fmax_mhz: float
    fmax_by_seed: Mapping[int, float]
    luts: int
    flip_flops: int
    path: CriticalPath
    part: str = PART


def place_and_route(
    sources: Sequence[Path],
    *,
    top: str,
    input_bits: int,
    output_bits: int,
    folder: Path,
    seeds: Sequence[int] = (1, 2, 3),
) -> Timing:
    """Synthesizes, places and routes a pipeline for an ECP5 and measures its highest clock frequency.

    A trigger has more inputs than the device has pins. A harness shifts them in one bit at each clock and folds the
    outputs into one: every bit has its register before and after the design, as neighbors on a chip would give it.

    Args:
        sources: Verilog files.
        top: The module, with ports `clk`, `model_inp` and `model_out`.
        input_bits: Width of `model_inp`.
        output_bits: Width of `model_out`.
        folder: An existing folder for logs and the harness.
        seeds: Of the placement; each takes a run.

    Raises:
        InputError: If a source or a seed is missing.
        MissingDependencyError: If Yosys or nextpnr is not installed.
        FirmwareError: If the design does not fit or a tool fails; the message names the log.
    """
    missing = [source for source in sources if not source.is_file()]
    if missing or not seeds:
        raise InputError(
            f"Cannot place {top}. Expected: Verilog files and at least one seed. Received: {missing or seeds}."
        )
    (folder / "harness.v").write_text(_harness(top, input_bits, output_bits))
    _synthesize([os.path.relpath(source, folder) for source in sources], top, folder)
    _require_room(top, json.loads((folder / "ecp5.stat.json").read_text()))
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        reports = dict(zip(seeds, workers.map(lambda seed: _placed(seed, folder), seeds), strict=True))
    by_seed = {seed: _fmax(report) for seed, report in reports.items()}
    median = statistics.median_low(by_seed.values())
    typical = next(report for seed, report in reports.items() if by_seed[seed] == median)
    return Timing(
        fmax_mhz=median,
        fmax_by_seed=by_seed,
        luts=typical["utilization"]["TRELLIS_COMB"]["used"],
        flip_flops=typical["utilization"]["TRELLIS_FF"]["used"],
        path=_critical(typical),
    )


def _harness(top: str, input_bits: int, output_bits: int) -> str:
    return f"""module harness (input clk, input serial, output reg folded);
  reg [{input_bits}:0] shifted;
  reg [{output_bits - 1}:0] chain;
  wire [{output_bits - 1}:0] found;
  {top} {_INSTANCE} (.clk(clk), .model_inp(shifted[{input_bits}:1]), .model_out(found));
  always @(posedge clk) begin
    shifted <= {{shifted[{input_bits - 1}:0], serial}};
    chain <= found ^ (chain << 1);
    folded <= chain[{output_bits - 1}];
  end
endmodule
"""


def _synthesize(sources: Sequence[str], top: str, folder: Path) -> None:
    commands = [
        *(f'read_verilog -defer "{source}"' for source in sources),
        "read_verilog harness.v",
        "hierarchy -check -top harness",
        f"setattr -mod -set keep_hierarchy 1 {top}",  # its registers are not merged with those of the harness
        f"setattr -mod -set keep_hierarchy 1 {STAGES}",
        "synth_lattice -family ecp5 -top harness -nodsp -run begin:map_luts",
        *_MAP_LUTS,
        "synth_lattice -family ecp5 -top harness -nodsp -run map_cells:check",
        "blackbox =A:whitebox",
        "write_json -noscopeinfo ecp5.json",
        "tee -o ecp5.stat.json stat -json",
    ]
    yosys(["-p", "; ".join(commands)], folder=folder, log="ecp5.yosys.log")


def _require_room(top: str, statistics_of_yosys: Mapping[str, Any]) -> None:
    cells = statistics_of_yosys["design"]["num_cells_by_type"]
    n_luts = cells.get("LUT4", 0) + 2 * cells.get("CCU2C", 0)  # a carry cell of two bits takes two LUTs
    n_registers = cells.get("TRELLIS_FF", 0)
    if max(n_luts, n_registers) > _N_CELLS:
        raise FirmwareError(
            f"{top} does not fit into {PART}. Expected: at most {_N_CELLS} LUTs and registers. "
            f"Received: {n_luts} LUTs, {n_registers} registers."
        )


def _placed(seed: int, folder: Path) -> dict[str, Any]:
    report = folder / f"seed{seed}.json"
    arguments = [*_PART_OPTIONS, "--json", "ecp5.json", "--report", report.name, "--seed", str(seed)]
    free = ["--freq", _TARGET_MHZ, "--timing-allow-fail", "--lpf-allow-unconstrained"]
    nextpnr_ecp5([*arguments, *free], folder=folder, log=f"seed{seed}.nextpnr.log")
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _fmax(report: Mapping[str, Any]) -> float:
    (clock,) = report["fmax"].values()
    return float(clock["achieved"])


def _critical(report: Mapping[str, Any]) -> CriticalPath:
    (clock,) = report["fmax"]
    steps = next(
        path["path"] for path in report["critical_paths"] if path["from"] == path["to"] == f"posedge {clock}"
    )
    nets = [step["net"] for step in steps if "net" in step]
    stages = [stage[1] for stage in map(_STAGE.search, nets) if stage]
    in_cells = sum(step["delay"] for step in steps if step["type"] in _SPENT_IN_CELLS)
    ends = steps[0]["from"]["cell"], steps[-1]["to"]["cell"]
    return CriticalPath(
        start=nets[0],
        end=nets[-1],
        stage=stages[0] if stages else "",
        logic_ns=round(in_cells, 3),
        routing_ns=round(sum(step["delay"] for step in steps) - in_cells, 3),
        in_design=all(cell.startswith(f"{_INSTANCE}.") for cell in ends),
    )
