"""Makes delphes_events.npz, the numbers that test_simulate_event_agreement.py holds simulated events against.

Run as `PYTHONPATH=tests python tests/data/make_delphes_event_reference.py FOLDER` where FOLDER has adc2021_delphes_*.h5: events of
Pythia 8.317 through real Delphes (master of April 2026, CMS Phase-II card, mean pile-up 20).
"""

import sys
from pathlib import Path

import h5py
import numpy as np
from quantiles import quantiles

from offshell.datasets.observables import event_observables
from offshell.simulate import EVENT_PROCESSES

OBSERVABLES = ("met", "lepton_pt", "sum_pt", "n_electrons", "n_muons", "n_jets")

FILES = {"a-4l": "Ato4l", "leptoquark": "leptoquark", "h-tautau": "hToTauTau", "hch-taunu": "hChToTauNu"}


def samples(folder):
    """Events of each process; its background file numbers W, multijets, Z and top pairs as Offshell does."""
    with h5py.File(folder / "adc2021_delphes_background.h5") as file:
        events, parents, code = file["Particles"][:], file["extra/parent_id"][:], file["ProcessID"][:]
    yield "background", events, parents
    for process in list(EVENT_PROCESSES.values())[:4]:
        yield process.name, events[code == process.code], parents[code == process.code]
    for name, suffix in FILES.items():
        with h5py.File(folder / f"adc2021_delphes_{suffix}.h5") as file:
            yield name, file["Particles"][:], file["extra/parent_id"][:]


def summary(events, parents):
    numbers = {"n_events": len(events), "n_parents": len(np.unique(parents))}
    found = event_observables(events)
    for name, values in ((name, found[name]) for name in OBSERVABLES):
        numbers[f"{name}_mean"], numbers[f"{name}_std"] = values.mean(), values.std()
        if not name.startswith("n_"):
            numbers[f"{name}_median"] = np.median(values)
            numbers[f"{name}_quantiles"] = quantiles(values).astype(np.float32)
    return numbers


if __name__ == "__main__":
    numbers = {
        f"{name}_{key}": value
        for name, events, parents in samples(Path(sys.argv[1]))
        for key, value in summary(events, parents).items()
    }
    np.savez_compressed(Path(__file__).parent / "delphes_events.npz", **numbers)
