"""The figure of the README: `python docs/make_demo_figure.py runs/demo docs/figures/demo.png`."""

import sys
from pathlib import Path

from offshell.plots.roc import roc
from offshell.run.run import Run

NAMES = ["dice", "kl_gaussian + kl_categorical", "pca_sqrt", "jet_mass"]


def main(folder, figure):
    scores = Run(Path(folder)).scores
    background, signal = scores.values()
    drawing = roc(background, signal, names=NAMES)
    drawing.set_size_inches(7, 5)
    drawing.savefig(figure, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
