"""Figure and table of docs/simulation_events.md: simulated level-1 events against events of real Delphes.

Run as `python docs/make_simulation_event_figures.py DELPHES SAMPLES`, where DELPHES has adc2021_delphes_*.h5 (see
tests/data/make_delphes_event_reference.py) and SAMPLES the files of `offshell simulate events` by their process, as
events-{process}-pileup20-seed1.h5. Prints the table as Markdown.
"""

import sys
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import ks_2samp

from offshell.simulate import EVENT_PROCESSES
from offshell.simulate.event_comparison import event_observables

N_EVENTS = 100_000  # of a sample at most
N_RESAMPLED = {"Delphes": 200, "Offshell": 20}  # the larger sample's error hardly counts
FIGURES = Path(__file__).parent / "figures"
SIGNALS = {"a-4l": "Ato4l", "leptoquark": "leptoquark", "h-tautau": "hToTauTau", "hch-taunu": "hChToTauNu"}
BACKGROUNDS = ("w-lnu", "qcd-lepton", "z-ll", "ttbar")
STATISTICS = {
    "met": ("median MET [GeV]", np.median),
    "lepton_pt": ("median leading lepton pt [GeV]", np.median),
    "sum_pt": ("median sum of pt [GeV]", np.median),
    "n_electrons": ("mean electrons", np.mean),
    "n_muons": ("mean muons", np.mean),
    "n_jets": ("mean jets", np.mean),
}
BINS = {
    "met": (np.linspace(0, 120, 41), "MET [GeV]"),
    "lepton_pt": (np.linspace(23, 103, 41), "leading lepton pt [GeV]"),
    "sum_pt": (np.linspace(30, 530, 41), "sum of pt [GeV]"),
    "n_jets": (np.arange(-0.5, 9.5), "jets"),
}


def main(delphes, samples):
    print("| | | Delphes | Offshell | difference | pull | KS p |\n|---|---|---|---|---|---|---|")
    names = (*BACKGROUNDS, *SIGNALS)
    figure, rows = plt.subplots(len(names) - 1, 4, figsize=(11, 13), constrained_layout=True)
    drawn = iter(rows)
    for name in names:
        reference, found = load_delphes(delphes, name), load_offshell(samples, name)
        print_rows(name, reference, found)
        if name != "ttbar":  # 23 events of the reference
            draw(next(drawn), name, reference, found)
    for axes, (_, label) in zip(rows[-1], BINS.values(), strict=True):
        axes.set_xlabel(label)
    figure.savefig(FIGURES / "simulation_events.png", dpi=90)


def load_delphes(folder, name):
    suffix = SIGNALS.get(name, "background")
    with h5py.File(folder / f"adc2021_delphes_{suffix}.h5") as file:
        chosen = file["ProcessID"][:] == EVENT_PROCESSES[name].code if suffix == "background" else slice(None)
        return event_observables(file["Particles"][:][chosen]), file["extra/parent_id"][:][chosen]


def load_offshell(folder, name):
    sample = name if name in SIGNALS else "background"
    with h5py.File(folder / f"events-{sample}-pileup20-seed1.h5") as file:
        n = len(file["process"]) if name == "ttbar" else 3 * N_EVENTS
        chosen = np.flatnonzero(file["process"][:n] == EVENT_PROCESSES[name].code)[:N_EVENTS]
        return event_observables(file["Particles"][:n][chosen]), file["parent"][:n][chosen]


def print_rows(name, reference, found):
    for key, (label, statistic) in STATISTICS.items():
        expected, value = statistic(reference[0][key]), statistic(found[0][key])
        errors = [
            resampled(*sample, key, statistic, N_RESAMPLED[who])
            for who, sample in (("Delphes", reference), ("Offshell", found))
        ]
        error = np.hypot(*errors)
        effective = (observable[key][: len(np.unique(parent))] for observable, parent in (reference, found))
        p = ks_2samp(*effective).pvalue
        print(
            f"| {name} | {label} | {expected:.4g} | {value:.4g} | "
            f"{100 * (value / expected - 1):+.1f} ± {100 * error / expected:.1f} % | {(value - expected) / error:+.1f} | "
            f"{p:.2g} |"
        )


def resampled(observables, parent, key, statistic, n_resampled):
    """Standard error from drawing collisions, with all the events they share, again and again."""
    rng = np.random.default_rng(0)
    order = np.argsort(parent, kind="stable")
    values = observables[key][order]
    _, first, count = np.unique(parent[order], return_index=True, return_counts=True)
    results = []
    for _ in range(n_resampled):
        chosen = rng.integers(len(first), size=len(first))
        rows = np.repeat(first[chosen], count[chosen]) + within(count[chosen])
        results.append(statistic(values[rows]))
    return np.std(results)


def within(count):
    return np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)


def draw(row, name, reference, found):
    for axes, (key, (edges, _)) in zip(row, BINS.items(), strict=True):
        expected, _ = np.histogram(reference[0][key], edges)
        counts, _ = np.histogram(found[0][key], edges)
        center = (edges[1:] + edges[:-1]) / 2
        n, m = len(reference[0][key]), len(found[0][key])
        axes.stairs(counts / m, edges, fill=True, alpha=0.35, label="Offshell")
        axes.errorbar(
            center, expected / n, np.sqrt(expected) / n, fmt=".", ms=4, color="black", label="Delphes"
        )
        axes.set_yscale("log")
        axes.set_ylim(2e-4, 1)
    row[0].set_ylabel(name)
    row[-1].legend(frameon=False, fontsize=7)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
