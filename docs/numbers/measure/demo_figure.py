"""The figure of the README, from the runs of the demo: `python docs/numbers/measure/demo_figure.py FIGURE FOLDER`."""

import sys
from pathlib import Path

from offshell.plots.roc import roc
from offshell.run.run import Run

NAMES = [
    "resolved3 + resolved4 + cores + splittings + blobs + fragmented",
    "matched3 + matched4 + cores + splittings - 2 * rare_mass",
    "dice",
    "pca_sqrt",
    "jet_mass",
]


def main(figure, folder):
    runs = [Run(Path(folder) / f"{recipe}-qcd-finds-top") for recipe in ("joint-vae", "outlier-exposure")]
    background, signal = (
        {name: values for run in runs for name, values in run.scores[sample].items()}
        for sample in ("qcd", "top")
    )
    drawing = roc(background, signal, names=NAMES)
    drawing.set_size_inches(7, 5)
    drawing.savefig(figure, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
