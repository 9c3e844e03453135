"""A design in words: the tables that commands print, and the README of its folder."""

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich import box
from rich.console import Group
from rich.table import Table

from offshell.firmware.resources.layer_table import COLUMNS, layer_rows
from offshell.firmware.trigger.port_table import wire_rows

if TYPE_CHECKING:
    from offshell.firmware.design import Design

__all__ = ["efficiencies", "facts", "readme", "rich_summary"]

Fact = tuple[str, str]


def facts(design: "Design") -> list[Fact]:
    """What a design does, takes and was proven with, by name."""
    about, resources = design.about, design.resources
    return [
        ("score", f"{about['score']}, an integer in steps of 2^-{about['trigger']['fraction']}"),
        ("trigger bit", _bit(about)),
        ("latency", _latency(about)),
        ("size", _size(resources["xilinx"], about["estimate"])),
        *_clock(resources["ecp5"]),
        ("C++ emulator", f"{resources['emulator_events_per_second'] / 1e6:.3g} million events/s on one core"),
        ("proof", _proof(design.proof["agreed"])),
        ("vectors", ", ".join(f"{count:,} {origin}" for origin, count in design.proof["vectors"].items())),
    ]


def efficiencies(design: "Design") -> list[Fact]:
    """What share of each signal sets the bit, with the interval of 95 % at the asked rate."""
    return [
        (name, f"{100 * found['value']:.3g} % [{100 * found['low']:.2g}, {100 * found['high']:.2g}]")
        for name, found in design.about["efficiencies"].items()
    ]


def rich_summary(design: "Design") -> Group:
    """The facts, the efficiencies and the layers as tables."""
    in_words = Table(
        box=None, show_header=False, title=f"Trigger on {design.about['score']}", title_justify="left"
    )
    for name, fact in [
        *facts(design),
        *((f"efficiency {name}", share) for name, share in efficiencies(design)),
    ]:
        in_words.add_row(name, fact)
    return Group(in_words, _rich_layers(design.resources))


def readme(design: "Design") -> str:
    """What is where in the folder, how to use it and how to prove it again, in Markdown."""
    templates = Environment(
        loader=PackageLoader("offshell.firmware"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("design.md.jinja").render(
        about=design.about,
        ports=design.ports,
        facts=facts(design),
        efficiencies=efficiencies(design),
        layer_columns=COLUMNS,
        layers=layer_rows(design.resources),
        wires=wire_rows(design.ports),
    )


def _step(about: dict[str, Any]) -> float:
    return float(2.0 ** -about["trigger"]["fraction"])


def _bit(about: dict[str, Any]) -> str:
    point, threshold = about["operating_point"], about["trigger"]["threshold"]
    low, high = (rate / 1e3 for rate in point["interval"])
    return (
        f"set when the integer is above {threshold} ({threshold * _step(about):.4g}): {point['rate_hz'] / 1e3:.3g} kHz "
        f"[{low:.3g}, {high:.3g}] of {about['input_rate_hz'] / 1e6:g} MHz, from {point['n_background']} background events "
        f"({point['method']})"
    )


def _latency(about: dict[str, Any]) -> str:
    clocks, clock_mhz = about["ports"]["latency"], about["clock_mhz"]
    return (
        f"{clocks} clocks, with a new event at each; {1e3 * clocks / clock_mhz:.3g} ns if the device meets the {clock_mhz:g} MHz "
        "that the compiler placed the registers for"
    )


def _size(xilinx: dict[str, Any], estimate: dict[str, float]) -> str:
    return (
        f"{xilinx['luts']:,} LUT, {xilinx['flip_flops']:,} FF, {xilinx['dsps']} DSP, {xilinx['brams']:g} BRAM of UltraScale+, "
        f"counted by Yosys; the compiler estimated {estimate['luts']:,.0f} LUT"
    )


def _clock(ecp5: dict[str, Any] | None) -> list[Fact]:
    if ecp5 is None:
        return []
    if "refused" in ecp5:
        return [("clock", f"not measured: {ecp5['refused']}")]
    return [
        (
            "clock",
            (
                f"{ecp5['fmax_mhz']:.3g} MHz on a Lattice ECP5 ({ecp5['part']}, {ecp5['luts']:,} LUT4), measured by place and "
                "route; this says nothing in MHz about another device"
            ),
        )
    ]


def _proof(agreed: dict[str, int]) -> str:
    """Ways of computing that got the same vectors stand together."""
    ways: dict[int, list[str]] = {}
    for name, count in agreed.items():
        ways.setdefault(count, []).append(name.removeprefix("The "))
    found = "; ".join(f"{count:,} vectors by {', '.join(names)}" for count, names in ways.items())
    return f"the same integers, bit for bit: {found}"


def _rich_layers(resources: dict[str, Any]) -> Table:
    table = Table(title="Layer by layer", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="right" if number else "left")
    for row in layer_rows(resources):
        table.add_row(*row)
    return table
