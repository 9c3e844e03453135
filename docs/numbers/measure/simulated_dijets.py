"""Table of docs/simulation_dijets.md: simulated pairs of jets against the first thousand events of the LHC Olympics 2020.

    python docs/numbers/measure/simulated_dijets.py RESULT REFERENCE

REFERENCE is tests/data/lhco_dijets.npz. About a minute on one core.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import ks_2samp

from offshell.simulate import dijets

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tests"))

from lhco_events import LHCO_QCD, observables

SEED = 21
THRESHOLD = 2550.0  # GeV; 50 above that of the simulation, whose particles have masses
LEADING_PT = 1200.0
QUANTITIES = {
    "m_jj": "m_jj [GeV]",
    "pt_1": "pt of the leading jet [GeV]",
    "pt_2": "pt of the other [GeV]",
    "heavier_mass": "mass of the heavier [GeV]",
    "lighter_mass": "mass of the lighter [GeV]",
    "heavier_n_constituents": "particles of the heavier",
    "lighter_n_constituents": "particles of the lighter",
    "heavier_tau32": "tau32 of the heavier",
    "lighter_tau32": "tau32 of the lighter",
    "heavier_pt_dispersion": "pt dispersion of the heavier",
    "lighter_pt_dispersion": "pt dispersion of the lighter",
}


def main(result, reference):
    real = dict(np.load(reference))
    label = real.pop("label")
    samples = {
        "qcd": (0, THRESHOLD, dijets("qcd", 1000, seed=SEED, workers=1)),
        "qcd, as theirs": (0, THRESHOLD, dijets(LHCO_QCD, 1500, seed=SEED, workers=1, m_jj_min=0)),
        "xy": (1, 0.0, dijets("xy", 800, seed=SEED, workers=1)),
    }
    rows = []
    for name, (wanted, threshold, sample) in samples.items():
        theirs = above({key: values[label == wanted] for key, values in real.items()}, threshold)
        rows.extend(compared(name, theirs, above(observables(sample), threshold)))
    Path(result).write_text(json.dumps({"rows": rows}, indent=1) + "\n")


def above(events, threshold):
    kept = (events["m_jj"] > threshold) & (events["pt_1"] > LEADING_PT)
    return {name: values[kept] for name, values in events.items()}


def compared(sample, theirs, ours):
    for name, title in QUANTITIES.items():
        means, errors = zip(
            *((x.mean(), x.std() / np.sqrt(len(x))) for x in (theirs[name], ours[name])), strict=True
        )
        yield {
            "sample": sample,
            "quantity": title,
            "n_theirs": len(theirs[name]),
            "n_ours": len(ours[name]),
            "theirs": float(means[0]),
            "theirs_error": float(errors[0]),
            "ours": float(means[1]),
            "ours_error": float(errors[1]),
            "pull": float((means[1] - means[0]) / np.hypot(*errors)),
            "ks_p": float(ks_2samp(ours[name], theirs[name]).pvalue),
        }


if __name__ == "__main__":
    main(*sys.argv[1:])
