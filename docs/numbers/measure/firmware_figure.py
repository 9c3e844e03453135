"""The figure of docs/firmware.md: LUTs against efficiency.

python docs/numbers/measure/firmware_figure.py FIGURE docs/numbers/results/firmware.json
"""

import json
import sys
from pathlib import Path

from matplotlib.figure import Figure

from offshell.style import styled

RATE = "10 kHz"
KINDS = {"uniform": "s", "HGQ": "o", "student": "^"}


def main(figure, study):
    pareto(json.loads(Path(study).read_text())).savefig(figure)


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
