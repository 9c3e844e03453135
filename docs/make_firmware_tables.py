"""The table and the figure of docs/firmware.md from the study of LUTs against efficiency.

python docs/make_firmware_tables.py docs/firmware_study.json docs/figures/firmware_pareto.svg
"""

import json
import sys
from pathlib import Path

from matplotlib.figure import Figure

from offshell.style import styled

SIGNALS = ("a-4l", "leptoquark", "h-tautau")
RATE = "10 kHz"
KINDS = {"uniform": "s", "HGQ": "o", "student": "^"}


def main(study, figure):
    rows = json.loads(Path(study).read_text())
    print(*table(rows), sep="\n")
    pareto(rows).savefig(figure)


def table(rows):
    """Markdown: size, and AUC and efficiency of each signal with intervals."""
    yield (
        "| network | EBOPs | LUT (estimate) | FF | clocks | AUC "
        + " / ".join(SIGNALS)
        + " | TPR at 1 kHz [%], a-4l | at 10 kHz |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name, row in rows.items():
        auc = " / ".join(f"{row['auc'][signal][0]:.3f}" for signal in SIGNALS)
        tight, loose = (interval(row["efficiency"][rate]["a-4l"]) for rate in ("1 kHz", "10 kHz"))
        size = "– | – | – | –"
        if "luts" in row:
            size = f"{row['ebops']:,.0f} | {row['luts']:,} ({row['estimate']:,.0f}) | {row['flip_flops']:,} | {row['latency']}"
        yield f"| {name} | {size} | {auc} | {tight} | {loose} |"


def interval(found):
    value, low, high = (100 * number for number in found)
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


@styled
def pareto(rows):
    """LUTs against the efficiency for a-4l, the float detector as a band."""
    made = Figure(figsize=(7, 4), layout="constrained")
    axes = made.subplots()
    value, low, high = (100 * number for number in rows["float"]["efficiency"][RATE]["a-4l"])
    axes.axhspan(low, high, color="0.9", label="mu2 in float, 95 % interval")
    axes.axhline(value, color="0.6", lw=1)
    for kind, marker in KINDS.items():
        draw(axes, {name: row for name, row in rows.items() if name.startswith(kind)}, kind, marker)
    axes.set_xscale("log")
    axes.set_xlabel("LUT of UltraScale+ (Yosys)")
    axes.set_ylabel(f"A -> 4l at {RATE} [%]")
    axes.legend(frameon=False)
    return made


def draw(axes, rows, kind, marker):
    values = [[100 * number for number in row["efficiency"][RATE]["a-4l"]] for row in rows.values()]
    errors = list(zip(*((value - low, high - value) for value, low, high in values), strict=True))
    axes.errorbar(
        [row["luts"] for row in rows.values()],
        [value for value, _, _ in values],
        yerr=errors,
        fmt=marker,
        ms=5,
        lw=1,
        label={"uniform": "mu2, uniform bits", "HGQ": "mu2, learned bits", "student": "student of mse"}[kind],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
