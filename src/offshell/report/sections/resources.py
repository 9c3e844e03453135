"""The parts of the page on what a design takes of a device, how fast it is, and where its numbers saturate."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from offshell.firmware.resources.layer_table import COLUMNS, layer_rows
from offshell.plots import sizes
from offshell.report.section import Grid, Picture, Section

__all__ = ["resources_section", "saturation_section"]

Resources = Mapping[str, Any]

_MISSING = "–"


def resources_section(resources: Resources) -> Section:
    """Returns the section on what a design takes, and how fast it is.

    Args:
        resources: What `offshell.firmware.resources.measurement.measure` returns.
    """
    return Section(
        "resources",
        "Resources",
        "A LUT computes any function of up to six bits; it is what a trigger runs out of first. Yosys counts them after "
        "synthesis for UltraScale+, the compiler only estimates them. Layers are synthesized one by one, so that nothing is "
        "shared between them: they need not add up to the design. A stage of the pipeline is what lies between two ranks of "
        "registers; the slowest stage decides how fast the clock may be.",
        _pictures(resources),
        remarks=_about_clock(resources["ecp5"]),
        grids=[_device_grid(resources["xilinx"]), _layers_grid(resources), *_clock_grids(resources["ecp5"])],
    )


def saturation_section(resources: Resources) -> Section:
    """Returns the section on saturation, empty for a design without a network.

    Args:
        resources: What `offshell.firmware.resources.measurement.measure` returns.
    """
    by_origin: Mapping[str, Sequence[Mapping[str, Any]]] = resources["saturation"]
    pictures = [
        _saturation_picture(by_origin, key, caption)
        for key, caption in (
            ("values", "Values beyond the range, in %"),
            ("events", "Events with at least one such value, in %"),
        )
        if by_origin
    ]
    return Section(
        "saturation",
        "Saturation",
        "The range of each number was chosen for background alone, and an anomaly is what lies outside. What is beyond the range "
        "becomes the number at its end, and so stays far out; it never wraps around to the other end. Rows are the places where "
        "numbers are rounded, on the way into a layer or out of the last one; columns are where the vectors come from.",
        pictures,
    )


def _pictures(resources: Resources) -> list[Picture]:
    by_layer = {
        label: {name: found[key] for name, found in resources["layers"].items()}
        for label, key in (("Yosys", "luts"), ("estimate of the compiler", "estimate"))
    }
    pictures = [Picture(sizes.luts(by_layer), "LUTs of each layer, synthesized alone")]
    if stages := resources["xilinx"]["modules"]:
        by_stage = {"Yosys": {_stage(name): found["luts"] for name, found in stages.items()}}
        pictures.append(Picture(sizes.luts(by_stage), "LUTs of each stage of the pipeline"))
    return pictures


def _stage(module: str) -> str:
    """The name that the compiler gave, counted from one."""
    return f"stage {int(module.removeprefix('logic')) + 1}"


def _device_grid(xilinx: Resources) -> Grid:
    kinds = {"LUT": "luts", "FF": "flip_flops", "CARRY4": "carries", "DSP": "dsps", "BRAM": "brams"}
    counts = [f"{xilinx[key]:,g}" for key in kinds.values()]
    return Grid("The whole design on UltraScale+", ["Counted by", *kinds], [["Yosys", *counts]])


def _layers_grid(resources: Resources) -> Grid:
    return Grid("Layer by layer", list(COLUMNS), layer_rows(resources))


def _clock_grids(ecp5: Resources | None) -> list[Grid]:
    if ecp5 is None or "refused" in ecp5:
        return []
    path = ecp5["path"]
    columns = ["Device", "fastest clock [MHz]", "LUT4", "FF", "slowest path in", "logic [ns]", "wires [ns]"]
    cells = [
        *(ecp5["part"], f"{ecp5['fmax_mhz']:.1f}", f"{ecp5['luts']:,}", f"{ecp5['flip_flops']:,}"),
        *(
            _stage(path["stage"]) if path["stage"] else _MISSING,
            f"{path['logic_ns']:.1f}",
            f"{path['routing_ns']:.1f}",
        ),
    ]
    return [Grid("The clock of a Lattice ECP5, by place and route", columns, [cells])]


def _about_clock(ecp5: Resources | None) -> list[str]:
    if ecp5 is None:
        return ["No clock was measured: place and route was not asked for."]
    if "refused" in ecp5:
        return [f"No clock was measured: {ecp5['refused']}"]
    harness = (
        ""
        if ecp5["path"]["in_design"]
        else " The slowest path lies in the harness: the design may be faster."
    )
    return [
        "The clock is measured on a device that open tools can place and route, in 40 nm with LUTs of four bits, in a harness "
        "that counts as well. It shows how size and pipeline act, and says nothing in MHz about another device."
        + harness
    ]


def _saturation_picture(
    by_origin: Mapping[str, Sequence[Mapping[str, Any]]], key: str, caption: str
) -> Picture:
    table = np.array([[lane[key] for lane in lanes] for lanes in by_origin.values()]).T
    lanes = [lane["lane"] for lane in next(iter(by_origin.values()))]
    return Picture(sizes.shares(table, rows=lanes, columns=list(by_origin)), caption)
