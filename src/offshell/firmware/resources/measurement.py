"""What a design takes and how fast it is, measured with open tools; written to its reports."""

import logging
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from offshell.compress.cost import cost
from offshell.compress.saturation import saturation
from offshell.errors import FirmwareError, InputError
from offshell.firmware.design import Design
from offshell.firmware.emulator.cpp import events_per_second
from offshell.firmware.resources.placement import place_and_route
from offshell.firmware.resources.synthesis import synthesize, synthesize_parts
from offshell.firmware.rtl import compiler
from offshell.firmware.trigger.definition import Trigger
from offshell.firmware.trigger.vectors import Vectors, reach

__all__ = ["measure"]

log = logging.getLogger(__name__)

# So long that the compiler puts no register between.
_NO_CLOCK = 1e9

# Place and route of 25,000 LUTs did not end in 500 s; of 2,000 it takes about 40.
_MOST_TO_PLACE = 10_000

# Sources of vectors in which saturation is counted, and of how many of each.
_N_FOR_SATURATION = 4000


def measure(design: Design, vectors: Vectors, *, place: bool) -> dict[str, Any]:
    """Resources by stage and by layer, clock, latency, emulator's speed, saturation, and what the vectors reach.

    Args:
        design: a design that is proven.
        vectors: those of the proof.
        place: whether to place and route it for an ECP5.
    """
    trigger = design.trigger
    log.info("Counting what the design takes")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        return {
            "xilinx": asdict(synthesize(design.sources, top=compiler.TOP, folder=work)),
            "layers": _layers(trigger, work, design.about["part"]),
            "ecp5": _placed(design, work) if place else None,
            "emulator_events_per_second": events_per_second(
                design.folder / "emulator", vectors.integers, design.ports, builds=work
            ),
            "cost": [] if trigger.network is None else [row.as_dict() for row in cost(trigger.network)],
            "saturation": _saturation(trigger, vectors),
            "reach": [asdict(found) for found in reach(trigger, vectors.integers)],
        }


def _layers(trigger: Trigger, folder: Path, part: str) -> dict[str, dict[str, float]]:
    """LUTs of each layer, synthesized alone, beside the estimate of the compiler."""
    programs = compiler.layers(trigger)
    pipelines = {
        name: compiler.write_rtl(program, folder / "layers" / name, clock_ns=_NO_CLOCK, part=part)
        for name, program in programs.items()
    }
    sources = {name: pipeline.sources for name, pipeline in pipelines.items()}
    found = synthesize_parts(sources, top="logic0", folder=folder)
    return {name: {"luts": found[name].luts, "estimate": pipelines[name].luts} for name in programs}


def _placed(design: Design, folder: Path) -> dict[str, Any]:
    """Timing of the ECP5, or why there is none: a design may be too large for it."""
    luts = design.about["estimate"]["luts"]
    if luts > _MOST_TO_PLACE:
        return {
            "refused": f"not placed: {luts:,.0f} LUT are estimated, more than {_MOST_TO_PLACE:,} take too long"
        }
    log.info("Placing and routing the design for an ECP5")
    ports = design.ports
    bits = {"input_bits": ports.input_bits, "output_bits": ports.output_bits}
    try:
        return asdict(place_and_route(design.sources, top=compiler.TOP, folder=folder, seeds=(1,), **bits))
    except (FirmwareError, InputError) as error:
        return {"refused": str(error)}


def _saturation(trigger: Trigger, vectors: Vectors) -> dict[str, list[dict[str, Any]]]:
    """By origin of the vectors, for each quantizer of data."""
    if trigger.network is None:
        return {}
    return {
        origin: [
            asdict(lane) for lane in saturation(trigger.network, trigger.seen(integers[:_N_FOR_SATURATION]))
        ]
        for origin, integers in vectors.by_origin().items()
        if len(integers)
    }
