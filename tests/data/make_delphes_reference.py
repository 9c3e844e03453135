"""Makes delphes_jets.npz, the numbers that test_simulate_agreement.py holds simulated jets against.

Run as `PYTHONPATH=tests python tests/data/make_delphes_reference.py FOLDER` where FOLDER has toptagging_delphes_{qcd,top}.h5: jets of
Pythia 8.317 through real Delphes (master of April 2026, ATLAS card of its tag 3.3.2), 40,000 QCD and 20,000 top.
"""

import sys
from pathlib import Path

import h5py
import numpy as np
from quantiles import quantiles

from offshell.datasets.mean_images import mean_image
from offshell.datasets.observables import jet_observables

OBSERVABLES = ("mass", "n_constituents", "pt", "pt_dispersion")


def summary(jets):
    numbers = {"n_jets": np.array(len(jets))}
    found = jet_observables(jets)
    for name, values in ((name, found[name]) for name in OBSERVABLES):
        numbers[f"{name}_mean"], numbers[f"{name}_std"] = values.mean(), values.std()
        numbers[f"{name}_median"] = np.median(values)
        numbers[f"{name}_quantiles"] = quantiles(values).astype(np.float32)
    image = mean_image([jets])
    # Pixels span six decades: the root keeps them in half precision to 0.1 per cent.
    numbers["image_root"], numbers["image_error_root"] = np.sqrt(image.mean), np.sqrt(image.error)
    return {key: value.astype(np.float16) if "root" in key else value for key, value in numbers.items()}


if __name__ == "__main__":
    folder, numbers = Path(sys.argv[1]), {}
    for process in ("qcd", "top"):
        with h5py.File(folder / f"toptagging_delphes_{process}.h5") as file:
            summarized = summary(file["constituents"][:])
        numbers |= {f"{process}_{key}": value for key, value in summarized.items()}
    np.savez_compressed(Path(__file__).parent / "delphes_jets.npz", **numbers)
