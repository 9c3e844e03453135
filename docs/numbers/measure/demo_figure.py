"""The figure of the README, from the run of the demo: `python docs/numbers/measure/demo_figure.py FIGURE RUN`."""

import sys
from pathlib import Path

from offshell.plots.roc import roc
from offshell.run.run import Run

NAMES = ["dice", "kl_gaussian + kl_categorical", "pca_sqrt", "jet_mass"]


def main(figure, folder):
    scores = Run(Path(folder)).scores
    background, signal = scores.values()
    drawing = roc(background, signal, names=NAMES)
    drawing.set_size_inches(7, 5)
    drawing.savefig(figure, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
