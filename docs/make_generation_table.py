"""The table of generated jets of docs/clouds.md, from the runs of the recipes: everything between its marks.

python docs/make_generation_table.py runs/jets-flow runs/jets-flow-matching runs/jets-mpgan
"""

import json
import re
import sys
from pathlib import Path

PAGE = Path(__file__).parent / "clouds.md"
MARK = re.compile(r"(<!-- generation -->\n).*?(<!-- end -->)", re.DOTALL)
METRICS = {
    "w1_mass": ("W1 of mass [10⁻³]", 1e3),
    "w1_particles": ("of particles [10⁻³]", 1e3),
    "w1_efp": ("of energy-flow polynomials [10⁻⁵]", 1e5),
    "fpd": ("FPD [10⁻³]", 1e3),
    "kpd": ("KPD [10⁻³]", 1e3),
    "coverage": ("coverage", 1.0),
    "mmd": ("MMD", 1.0),
}


def main(*folders):
    found = {
        folder.name: json.loads((folder / "generation.json").read_text()) for folder in map(Path, folders)
    }
    header = ["", *(title for title, _ in METRICS.values())]
    rows = [[f"`{name}`", *cells(of, "value", "error")] for name, of in found.items()]
    first = next(iter(found.values()))
    lines = [
        f"| {' | '.join(row)} |"
        for row in (header, *rows, ["real jets", *cells(first, "floor", "floor_error")])
    ]
    table = "\n".join([lines[0], "|---" * len(header) + "|", *lines[1:]])
    PAGE.write_text(MARK.sub(lambda mark: f"{mark[1]}\n{table}\n{mark[2]}", PAGE.read_text()))


def cells(of, value, error):
    return [
        f"{unit * of[name][value]:.3g} ± {unit * of[name][error]:.2g}" for name, (_, unit) in METRICS.items()
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
