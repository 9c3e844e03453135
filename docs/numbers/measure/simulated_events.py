"""Table and figure of docs/simulation_events.md: simulated level-1 events against events of real Delphes.

    python docs/numbers/measure/simulated_events.py RESULT DELPHES SAMPLES FIGURES

DELPHES has adc2021_delphes_*.h5 (see tests/data/make_delphes_event_reference.py). Events are simulated into the folder
of samples when they are not there.
"""

import json
import sys
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import ks_2samp

from offshell.datasets.observables import event_observables
from offshell.samples.samples import samples_of
from offshell.samples.settings import EventSamples
from offshell.simulate import EVENT_PROCESSES

N_EVENTS = 10_000  # of each process
N_RESAMPLED = {"Delphes": 200, "Offshell": 20}  # the larger sample's error hardly counts
SIGNALS = {"a-4l": "Ato4l", "leptoquark": "leptoquark", "h-tautau": "hToTauTau", "hch-taunu": "hChToTauNu"}
BACKGROUNDS = ("w-lnu", "z-ll")  # multijets of the reference are biased, and of ttbar it has 23 events
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


def main(result, delphes, folder, figures):
    names, rows = (*BACKGROUNDS, *SIGNALS), []
    background, *signals = names
    samples = samples_of(EventSamples(background=background, signals=signals), Path(folder), seed=1)
    simulated = {sample.name: sample for sample in samples}
    figure, panels = plt.subplots(len(names), 4, figsize=(11, 11), constrained_layout=True)
    for name, axes in zip(names, panels, strict=True):
        reference, found = load_delphes(Path(delphes), name), load_offshell(simulated, name)
        rows += measured(name, reference, found)
        draw(axes, name, reference, found)
    for axes, (_, label) in zip(panels[-1], BINS.values(), strict=True):
        axes.set_xlabel(label)
    figure.savefig(Path(figures) / "simulation_events.png", dpi=90)
    Path(result).write_text(json.dumps({"rows": rows}, indent=1) + "\n")


def load_delphes(folder, name):
    suffix = SIGNALS.get(name, "background")
    with h5py.File(folder / f"adc2021_delphes_{suffix}.h5") as file:
        chosen = file["ProcessID"][:] == EVENT_PROCESSES[name].code if suffix == "background" else slice(None)
        return event_observables(file["Particles"][:][chosen]), file["extra/parent_id"][:][chosen]


def load_offshell(simulated, name):
    events = simulated[name].read(0, N_EVENTS)
    with h5py.File(simulated[name].path) as file:
        return event_observables(events), file["parent"][:N_EVENTS]


def measured(name, reference, found):
    """A row for each statistic."""
    for key, (label, statistic) in STATISTICS.items():
        expected, value = statistic(reference[0][key]), statistic(found[0][key])
        errors = [
            resampled(*sample, key, statistic, N_RESAMPLED[who])
            for who, sample in (("Delphes", reference), ("Offshell", found))
        ]
        error = np.hypot(*errors)
        effective = (observable[key][: len(np.unique(parent))] for observable, parent in (reference, found))
        yield {
            "process": name,
            "quantity": label,
            "delphes": expected,
            "offshell": value,
            "difference_percent": 100 * (value / expected - 1),
            "error_percent": 100 * error / expected,
            "pull": (value - expected) / error,
            "ks_p": ks_2samp(*effective).pvalue,
        }


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
    main(*sys.argv[1:])
