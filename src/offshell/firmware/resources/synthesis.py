"""What a design takes of a Xilinx UltraScale+ device, synthesized by Yosys out of context."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from offshell.errors import InputError
from offshell.firmware.resources.packing import luts_of, packed
from offshell.firmware.tools import yosys

__all__ = ["STAGES", "Resources", "synthesize", "synthesize_parts"]

_TARGET = "synth_xilinx -family xcup -noiopad -noclkbuf -flatten -nowidelut"
# From `synth_xilinx` with `abc` in the place of `abc9`: nothing is said about timing here, the result is up to 7 % larger
# (2,069 LUTs instead of 1,925), and takes half the time of a small design, a third of that of one of 20,000 LUTs.
_MAP_LUTS = (
    "opt_expr -mux_undef -noclkinv",
    "abc -luts 2:2,3,6:5",
    "clean",
    "xilinx_srl -fixed -minlen 3",
    "techmap -map +/xilinx/lut_map.v -map +/xilinx/cells_map.v -D LUT_WIDTH=6",
    "xilinx_dffopt",
    "opt_lut_ins -tech xilinx",
    "clean",
)
STAGES = "logic*"
"""What the compiler calls the logic between two ranks of registers."""


@dataclass(frozen=True)
class Resources:
    """What a module takes, with all that is in it.

    Attributes:
        luts: LUT6 of the device, two small functions in one where they share inputs (`packing.packed`), shift registers
            in LUTs included. Each bit of a carry chain has its LUT for the sum and counts.
        lut_cells: Look-up tables of one output, before any two are put together.
        flip_flops: Registers.
        carries: CARRY4; a CARRY8 of UltraScale+ holds two.
        dsps: DSP48E2.
        brams: Block RAM of 36 kbit; one of 18 kbit is a half.
        shift_registers: SRL16E and SRLC32E, in LUTs.
        cells: How many of each primitive.
        modules: The same of each pipeline stage (`logic0`, `logic1`, ...), by name.
    """

    luts: int
    lut_cells: int
    flip_flops: int
    carries: int
    dsps: int
    brams: float
    shift_registers: int
    cells: Mapping[str, int]
    modules: Mapping[str, Resources] = field(default_factory=dict)


_COUNTS = [count.name for count in fields(Resources) if count.name not in {"cells", "modules"}]


def synthesize(sources: Sequence[Path], *, top: str, folder: Path, dsp: bool = False) -> Resources:
    """Synthesizes a design and counts what it takes.

    Stages keep their borders, so that each can be counted; a vendor's tool may still gain across them.

    Args:
        sources: Verilog files.
        top: The module to synthesize; others among the sources that it does not use are left out.
        folder: An existing folder for the log, `<top>.yosys.log`.
        dsp: Whether products may become DSP48E2; else all are made of LUTs (Yosys' `-nodsp`).

    Raises:
        InputError: If a source is missing.
        MissingDependencyError: If Yosys is not installed.
        FirmwareError: If the design cannot be synthesized; the message names the log.
    """
    for source in sources:
        if not source.is_file():
            raise InputError(f"Cannot synthesize {top}. Expected: Verilog files. Received: {source}.")
    netlist = folder / f"{top}.netlist.json"
    commands = _commands([os.path.relpath(source, folder) for source in sources], top, netlist.name, dsp=dsp)
    try:
        yosys(["-p", "; ".join(commands)], folder=folder, log=f"{top}.yosys.log")
        return _counted(_modules(netlist), top)
    finally:
        netlist.unlink(missing_ok=True)


def synthesize_parts(
    parts: Mapping[str, Sequence[Path]], *, top: str, folder: Path, dsp: bool = False
) -> dict[str, Resources]:
    """Synthesizes parts of a design each alone, side by side.

    Nothing is shared or gained between parts, and there are no registers between them: their sum is not the
    design's total, but shows which part takes how much of it.

    Args:
        parts: Sources by name of the part, for example of each layer.
        top: The name of the module that each part has.
        folder: An existing folder; each part has a folder of its name in it for the log.
        dsp: As in `synthesize`.

    Raises:
        InputError, MissingDependencyError, FirmwareError: As `synthesize`.
    """
    for name in parts:
        (folder / name).mkdir(exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        found = workers.map(
            lambda item: synthesize(item[1], top=top, folder=folder / item[0], dsp=dsp), parts.items()
        )
        return dict(zip(parts, found, strict=True))


def _commands(sources: Sequence[str], top: str, netlist: str, *, dsp: bool) -> list[str]:
    target = f"{_TARGET} -top {top}" + ("" if dsp else " -nodsp")
    return [
        *(
            f'read_verilog -noblackbox -defer "{source}"' for source in sources
        ),  # parameters come with the instances
        f"hierarchy -check -top {top}",
        f"setattr -mod -set keep_hierarchy 1 {STAGES}",
        f"{target} -run begin:map_luts",
        *_MAP_LUTS,
        "blackbox =A:whitebox",  # models of primitives, which the JSON has no words for
        f"write_json -noscopeinfo {netlist}",
    ]


def _modules(netlist: Path) -> dict[str, dict[str, Any]]:
    """The cells of each module that is part of the design."""
    modules = json.loads(netlist.read_text())["modules"]
    own = {name: module for name, module in modules.items() if "blackbox" not in module["attributes"]}
    return {name: module["cells"] for name, module in own.items()}


def _counted(modules: Mapping[str, Mapping[str, Any]], top: str) -> Resources:
    copies = _copies(modules, top)
    own = {name: _alone(modules[name], modules) for name in copies}
    cells: Counter[str] = Counter()
    for name, n_copies in copies.items():
        cells.update({primitive: n_copies * n for primitive, n in own[name].cells.items()})
    total = {
        count: sum(n_copies * getattr(own[name], count) for name, n_copies in copies.items())
        for count in _COUNTS
    }
    inside = {name: own[name] for name in sorted(own, key=_by_number) if name != top}
    return Resources(**total, cells=dict(sorted(cells.items())), modules=inside)


def _copies(modules: Mapping[str, Mapping[str, Any]], top: str) -> Counter[str]:
    """How often each module is in the design."""
    copies = Counter({top: 1})
    for cell in modules[top].values():
        if cell["type"] in modules:
            copies += _copies(modules, cell["type"])
    return copies


def _alone(cells: Mapping[str, Any], modules: Mapping[str, Any]) -> Resources:
    """What a module takes without the modules in it."""
    types = Counter(cell["type"] for cell in cells.values() if cell["type"] not in modules)
    luts = luts_of(cells)
    n_shift_registers = types["SRL16E"] + types["SRLC32E"]
    return Resources(
        luts=packed(luts) + n_shift_registers,
        lut_cells=len(luts),
        flip_flops=sum(n for name, n in types.items() if name.startswith("FD")),
        carries=types["CARRY4"],
        dsps=types["DSP48E2"],
        brams=types["RAMB36E2"] + types["RAMB18E2"] / 2,
        shift_registers=n_shift_registers,
        cells=dict(types),
    )


def _by_number(stage: str) -> tuple[int, str]:
    return len(stage), stage
