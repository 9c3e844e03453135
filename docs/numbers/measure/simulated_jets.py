"""Figures and table of docs/simulation.md: simulated jets against jets of real Delphes.

Run as `python docs/make_simulation_figures.py FOLDER`, where FOLDER has toptagging_delphes_{qcd,top}.h5 (see
tests/data/make_delphes_reference.py). Takes about two minutes on two cores; prints the table as Markdown.
"""

import sys
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from scipy.stats import ks_2samp

from offshell.inputs.images import ALIGNED
from offshell.simulate import jets
from offshell.simulate.comparison import mean_image, observables

N_JETS = {"qcd": 8000, "top": 5000}
SEED = 11
FIGURES = Path(__file__).parent / "figures"
BINS = {
    "mass": (np.linspace(0, 300, 61), "jet mass [GeV]"),
    "n_constituents": (np.arange(-0.5, 121, 3), "constituents"),
    "pt_dispersion": (np.linspace(0.1, 0.9, 41), "pt dispersion"),
}
BRIGHT = 3e-4  # pixels with enough jets for their error to be known
FEWEST_JETS = 20  # in a bin whose ratio is drawn
COLORS = {"qcd": "#1f5fa8", "top": "#c8552b"}


def main(folder):
    delphes, offshell = {}, {}
    for process, n_jets in N_JETS.items():
        with h5py.File(folder / f"toptagging_delphes_{process}.h5") as file:
            delphes[process] = file["constituents"][:]
        offshell[process] = jets(process, n_jets, seed=SEED, progress=True)
    print_table(delphes, offshell)
    draw_distributions(delphes, offshell)
    draw_images(delphes, offshell)


def print_table(delphes, offshell):
    print("| | | Delphes | Offshell | difference | KS distance | p |\n|---|---|---|---|---|---|---|")
    for process in N_JETS:
        reference, found = observables(delphes[process]), observables(offshell[process])
        for name, values in found.items():
            distance = ks_2samp(values, reference[name])
            statistics = [("mean", np.mean)] + [("median", np.median)] * (name == "mass")
            for label, statistic in statistics:
                expected, value = statistic(reference[name]), statistic(values)
                error = np.hypot(bootstrap(values, statistic), bootstrap(reference[name], statistic))
                print(
                    f"| {process} | {label} {name} | {expected:.4g} | {value:.4g} | "
                    f"{100 * (value / expected - 1):+.2f} ± {100 * error / expected:.2f} % | "
                    f"{distance.statistic:.3f} | {distance.pvalue:.2f} |"
                )


def bootstrap(values, statistic):
    rng = np.random.default_rng(0)
    return np.std([statistic(rng.choice(values, len(values))) for _ in range(100)])


def draw_distributions(delphes, offshell):
    figure, rows = plt.subplots(
        2, 3, figsize=(11, 4.6), sharex="col", height_ratios=[3, 1], constrained_layout=True
    )
    for process, color in COLORS.items():
        reference, found = observables(delphes[process]), observables(offshell[process])
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
    figure.savefig(FIGURES / "simulation_distributions.png", dpi=110)


def draw_images(delphes, offshell):
    figure, rows = plt.subplots(2, 3, figsize=(11, 6.2), constrained_layout=True)
    half = [size * n / 2 for size, n in zip(ALIGNED.pixel, ALIGNED.shape, strict=True)]
    dark = plt.get_cmap("magma").with_extremes(bad="black")
    extent = (-half[1], half[1], -half[0], half[0])
    for process, (left, middle, right) in zip(N_JETS, rows, strict=True):
        (expected, error), (image, _) = mean_image(delphes[process]), mean_image(offshell[process])
        for axes, values, name in ((left, expected, "Delphes"), (middle, image, "Offshell")):
            shown = axes.imshow(
                values, origin="lower", extent=extent, norm=LogNorm(1e-6, 0.1), cmap=dark, aspect="equal"
            )
            axes.set_title(f"{process}, {name}")
        figure.colorbar(shown, ax=middle, label="mean share of pt")
        # The error of the larger sample, for both sizes: a small sample's own is low where its pixels are low.
        spread = error * np.sqrt(1 + len(delphes[process]) / N_JETS[process])
        pull = np.where(spread > 0, (image - expected) / np.where(spread > 0, spread, 1), 0)
        shown = right.imshow(
            pull, origin="lower", extent=extent, vmin=-4, vmax=4, cmap="RdBu_r", aspect="equal"
        )
        right.set_title("(Offshell - Delphes) / error")
        figure.colorbar(shown, ax=right, label="standard errors")
        bright = expected > BRIGHT
        print(
            f"{process} image: {np.count_nonzero(bright)} pixels above {BRIGHT}, mean square pull "
            f"{np.mean(pull[bright] ** 2):.2f}, half the sum of all differences {0.5 * np.abs(image - expected).sum():.3f}"
        )
    for axes in rows[:, 0]:
        axes.set_ylabel("eta")
    for axes in rows[1]:
        axes.set_xlabel("phi")
    figure.savefig(FIGURES / "simulation_images.png", dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
