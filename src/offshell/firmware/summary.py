"""A design in words: the table that commands print, and the README of its folder."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.table import Table

from offshell.firmware.design import Design

__all__ = ["facts", "readme", "rich_summary"]


def facts(design: Design) -> list[tuple[str, str]]:
    """What a design does, takes and was proven with, by name."""
    about, resources, proof = design.about, design.resources, design.proof
    point, xilinx, estimate = about["operating_point"], resources["xilinx"], about["estimate"]
    low, high = (rate / 1e3 for rate in point["interval"])
    latency, clock = about["ports"]["latency"], about["clock_mhz"]
    return [
        ("score", f"{about['score']}, an integer in steps of 2^-{design.trigger.fraction}"),
        (
            "threshold",
            (
                f"bit = score > {design.trigger.threshold}: {point['rate_hz'] / 1e3:.3g} kHz [{low:.3g}, {high:.3g}] of "
                f"{about['input_rate_hz'] / 1e6:g} MHz, {point['n_background']} background events ({point['method']})"
            ),
        ),
        *(
            (
                f"efficiency {name}",
                f"{100 * found['value']:.3g} % [{100 * found['low']:.3g}, {100 * found['high']:.3g}]",
            )
            for name, found in about["efficiencies"].items()
        ),
        (
            "latency",
            f"{latency} clocks, {1e3 * latency / clock:.3g} ns if it meets {clock:g} MHz; a new event every clock",
        ),
        (
            "resources",
            (
                f"{xilinx['luts']:,} LUT, {xilinx['flip_flops']:,} FF, {xilinx['dsps']} DSP, {xilinx['brams']:g} BRAM "
                f"(UltraScale+, Yosys); the compiler's estimate is {estimate['luts']:,.0f} LUT"
            ),
        ),
        *_clock(design),
        ("emulator", f"{resources['emulator_events_per_second'] / 1e6:.3g} million events/s"),
        *((f"proof: {name}", f"{count:,} vectors agree") for name, count in proof["agreed"].items()),
    ]


def rich_summary(design: Design) -> Table:
    """The facts as a table."""
    table = Table(
        box=None, show_header=False, title=f"Trigger on {design.about['score']}", title_justify="left"
    )
    for name, fact in facts(design):
        table.add_row(name, fact)
    return table


def readme(design: Design) -> str:
    """What is where in the folder, how to use it and how to prove it again, in Markdown."""
    templates = Environment(
        loader=PackageLoader("offshell.firmware"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    values = {"facts": facts(design), "about": design.about, "ports": design.ports, "trigger": design.trigger}
    return templates.get_template("design.md.jinja").render(values)


def _clock(design: Design) -> list[tuple[str, str]]:
    timing = design.resources["ecp5"]
    if timing is None:
        return []
    if "refused" in timing:
        return [("ECP5", timing["refused"])]
    return [
        (
            "ECP5",
            (
                f"{timing['fmax_mhz']:.3g} MHz measured by place and route ({timing['luts']:,} LUT4, {timing['part']}); nothing is "
                "claimed in MHz for other devices"
            ),
        )
    ]
