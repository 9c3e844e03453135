"""Table and figures of docs/simulation.md: simulated jets against jets of real Delphes.

    python docs/numbers/measure/simulated_jets.py RESULT FOLDER FIGURES

FOLDER has toptagging_delphes_{qcd,top}.h5 (see tests/data/make_delphes_reference.py). About two minutes on two cores.
"""

import json
import sys
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from scipy.stats import ks_2samp

from offshell.datasets.mean_images import image_difference, image_pulls, mean_image
from offshell.datasets.observables import jet_observables
from offshell.inputs.images import ALIGNED
from offshell.simulate import jets

N_JETS = {"qcd": 8000, "top": 5000}
SEED = 11
BINS = {
    "mass": (np.linspace(0, 300, 61), "jet mass [GeV]"),
    "n_constituents": (np.arange(-0.5, 121, 3), "constituents"),
    "pt_dispersion": (np.linspace(0.1, 0.9, 41), "pt dispersion"),
}
QUANTITIES = {
    "mass": "mass [GeV]",
    "n_constituents": "constituents",
    "pt": "pt [GeV]",
    "pt_dispersion": "pt dispersion",
}
FEWEST_JETS = 20  # in a bin whose ratio is drawn
COLORS = {"qcd": "#1f5fa8", "top": "#c8552b"}


def main(result, folder, figures):
    delphes, offshell = {}, {}
    for process, n_jets in N_JETS.items():
        with h5py.File(Path(folder) / f"toptagging_delphes_{process}.h5") as file:
            delphes[process] = file["constituents"][:]
        offshell[process] = jets(process, n_jets, seed=SEED, progress=True)
    observed = [
        {process: jet_observables(of) for process, of in sample.items()} for sample in (delphes, offshell)
    ]
    images = [{process: mean_image([of]) for process, of in sample.items()} for sample in (delphes, offshell)]
    found = {
        "rows": [row for process in N_JETS for row in rows(process, *(of[process] for of in observed))],
        "images": {process: image_difference(*(of[process] for of in images)) for process in N_JETS},
    }
    draw_distributions(*observed).savefig(Path(figures) / "simulation_distributions.png", dpi=110)
    draw_images(*images).savefig(Path(figures) / "simulation_images.png", dpi=110)
    Path(result).write_text(json.dumps(found, indent=1) + "\n")


def rows(process, reference, found):
    """Means, and the median of the mass, with errors from resampling."""
    for name, title in QUANTITIES.items():
        test = ks_2samp(found[name], reference[name])
        statistics = [("mean", np.mean)] + [("median", np.median)] * (name == "mass")
        for label, statistic in statistics:
            expected, value = statistic(reference[name]), statistic(found[name])
            error = np.hypot(bootstrap(found[name], statistic), bootstrap(reference[name], statistic))
            yield {
                "process": process,
                "quantity": f"{label} {title}",
                "delphes": expected,
                "offshell": value,
                "difference_percent": 100 * (value / expected - 1),
                "error_percent": 100 * error / expected,
                "ks_distance": test.statistic,
                "ks_p": test.pvalue,
            }


def bootstrap(values, statistic):
    rng = np.random.default_rng(0)
    return np.std([statistic(rng.choice(values, len(values))) for _ in range(100)])


def draw_distributions(delphes, offshell):
    figure, rows = plt.subplots(
        2, 3, figsize=(11, 4.6), sharex="col", height_ratios=[3, 1], constrained_layout=True
    )
    for process, color in COLORS.items():
        reference, found = delphes[process], offshell[process]
        for (name, (edges, label)), top, bottom in zip(BINS.items(), *rows, strict=True):
            expected, _ = np.histogram(reference[name], edges)
            counts, _ = np.histogram(found[name], edges)
            scale, center = expected.sum() / counts.sum(), (edges[1:] + edges[:-1]) / 2
            top.stairs(
                expected / expected.sum(),
                edges,
                fill=True,
                alpha=0.25,
                color=color,
                label=f"{process}, Delphes",
            )
            top.errorbar(
                center, counts / counts.sum(), np.sqrt(counts) / counts.sum(),
                fmt=".", ms=4, color=color, label=f"{process}, Offshell",
            )  # fmt: skip
            enough = (expected > FEWEST_JETS) & (counts > FEWEST_JETS)
            ratio = scale * counts[enough] / expected[enough]
            error = ratio * np.sqrt(1 / counts[enough] + 1 / expected[enough])
            bottom.errorbar(center[enough], ratio, error, fmt=".", ms=4, color=color)
            bottom.set(xlabel=label, ylim=(0.7, 1.3))
    for bottom in rows[1]:
        bottom.axhline(1, color="black", lw=0.8)
    rows[0, 0].set_ylabel("share of jets")
    rows[1, 0].set_ylabel("Offshell / Delphes")
    rows[0, 1].legend(frameon=False, fontsize=8)
    return figure


def draw_images(delphes, offshell):
    figure, rows = plt.subplots(2, 3, figsize=(11, 6.2), constrained_layout=True)
    half = [size * n / 2 for size, n in zip(ALIGNED.pixel, ALIGNED.shape, strict=True)]
    dark = plt.get_cmap("magma").with_extremes(bad="black")
    extent = (-half[1], half[1], -half[0], half[0])
    for process, (left, middle, right) in zip(N_JETS, rows, strict=True):
        expected, image = delphes[process], offshell[process]
        for axes, values, name in ((left, expected.mean, "Delphes"), (middle, image.mean, "Offshell")):
            shown = axes.imshow(
                values, origin="lower", extent=extent, norm=LogNorm(1e-6, 0.1), cmap=dark, aspect="equal"
            )
            axes.set_title(f"{process}, {name}")
        figure.colorbar(shown, ax=middle, label="mean share of pt")
        pull = image_pulls(expected, image)
        shown = right.imshow(
            pull, origin="lower", extent=extent, vmin=-4, vmax=4, cmap="RdBu_r", aspect="equal"
        )
        right.set_title("(Offshell - Delphes) / error")
        figure.colorbar(shown, ax=right, label="standard errors")
    for axes in rows[:, 0]:
        axes.set_ylabel("eta")
    for axes in rows[1]:
        axes.set_xlabel("phi")
    return figure


if __name__ == "__main__":
    main(*sys.argv[1:])
