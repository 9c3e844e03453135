"""Table and figures of docs/pseudo-anomalies.md: each family beside the QCD jets of real Delphes that it is made of.

    python docs/numbers/measure/pseudo_anomalies.py RESULT QCD FIGURES

QCD is toptagging_delphes_qcd.h5 (see tests/data/make_delphes_reference.py). Half a minute on one core.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from offshell.inputs.observables import of_jets
from offshell.io import read_jets
from offshell.plots.pseudo_anomalies import displays, mass_spectra
from offshell.pseudo_anomalies import FAMILIES, Prior
from offshell.pseudo_anomalies import jets as pseudo_jets
from offshell.pseudo_anomalies.assembly import assembled
from offshell.pseudo_anomalies.pool import JETS_OF_POOL, pool_of

NAMES = ("mass", "n_constituents", "tau21", "tau32")
N_SHOWN = 2000  # of each family, and of background jets that are no part of any


def main(result, qcd, figures):
    parts = read_jets(qcd, stop=JETS_OF_POOL)
    background = read_jets(qcd, start=JETS_OF_POOL, stop=JETS_OF_POOL + N_SHOWN)
    made = pseudo_jets(parts, N_SHOWN * len(FAMILIES))
    pool = pool_of(parts)
    rows = [{"family": "background", **described(background)}, *(family(f, pool, made) for f in FAMILIES)]
    for name, draw in {"displays": displays, "masses": mass_spectra}.items():
        figure = draw(background, made)
        figure.savefig(Path(figures) / f"pseudo_anomalies_{name}.png", dpi=110, facecolor="white")
    Path(result).write_text(json.dumps({"rows": rows}, indent=1) + "\n")


def family(function, pool, made):
    chosen = made.family == function.__name__
    return {
        "family": function.__name__,
        "decay_mass": np.quantile(made.mass[chosen], (0.1, 0.5, 0.9)).tolist(),
        "prongs": float(made.n_prongs[chosen].mean()),
        **described(made.constituents[chosen]),
        "per_second": speed(function, pool),
    }


def described(jets):
    columns = dict(zip(NAMES, of_jets(jets, NAMES).T, strict=True))
    return {
        "jet_mass": np.quantile(columns["mass"], (0.1, 0.5, 0.9)).tolist(),
        "particles": float(columns["n_constituents"].mean()),
        "tau21": float(np.median(columns["tau21"])),
        "tau32": float(np.median(columns["tau32"])),
    }


def speed(function, pool, *, n_jets=64, n_times=20):
    """Jets per second of CPU, in the numbers in which they are made."""
    rng = np.random.default_rng(1)
    start = time.process_time()
    for _ in range(n_times):
        assembled(function(pool, n_jets, Prior(), rng), pool)
    return n_times * n_jets / (time.process_time() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
