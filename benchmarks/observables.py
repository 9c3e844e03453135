"""Observables of jets against FastJet with fastjet-contrib and against EnergyFlow, jets per second.

Takes the Python of an environment with EnergyFlow, which wants NumPy 1 and can therefore not live beside Offshell, and then
a file with `constituents`, for example ../shared/data/toptagging_delphes_qcd.h5; without one it makes toy jets:

    python -m venv /tmp/energyflow && /tmp/energyflow/bin/pip install energyflow
    python benchmarks/run.py observables /tmp/energyflow/bin/python qcd.h5
"""

import tempfile
from pathlib import Path

import fastjet
import numpy as np
import workers
from jets import jets_in, toy_jets

from offshell.inputs import clustering
from offshell.inputs.observables import FULL, INFRARED_SAFE, correlators, flow_polynomials, of_jets, subjets

N_JETS = 1000

UNIT = "jets/s"
PACKAGES = ("offshell", "numba", "fastjet", "numpy")
TAUS = tuple(name for name in FULL if name.startswith("tau"))
OF_THREE = tuple(name for name in correlators.NAMES if name[0] in "cdnm" and name[1] == "2")

TIMED = {
    "infrared-safe": "the 47 observables from E, px, py, pz, input checked",
    "full": "all 80",
    "N-subjettiness": "tau1 to tau6 and their ratios, beta 1 and 2, clustering included",
    "kT scales": "five scales and seven masses of subjets, clustering included",
    "soft drop": "four observables of two groomings, clustering included",
    "pairs and triples": "C2, D2, N2, M2, beta 1 and 2; and C3, N3, which are computed with them",
    "flow polynomials": "twenty, up to four edges",
    "fastjet N-subjettiness": "tau1 to tau6, beta 1 and 2, clustering included",
    "fastjet kT scales": "five scales, clustering included",
    "fastjet soft drop": "beta 0 and 1, clustering included",
    "fastjet pairs and triples": "e2, e3, 1e3, 2e3, beta 1 and 2",
    "EnergyFlow": "the same polynomials, EFPSet with measure hadr, one process",
}
RATIOS = (
    ("N-subjettiness", "fastjet N-subjettiness"),
    ("kT scales", "fastjet kT scales"),
    ("soft drop", "fastjet soft drop"),
    ("pairs and triples", "fastjet pairs and triples"),
    ("flow polynomials", "EnergyFlow"),
)


def cases(python, path=None):
    jets = (toy_jets() if path is None else jets_in(path))[:N_JETS]
    ours = {
        "infrared-safe": INFRARED_SAFE,
        "full": FULL,
        "N-subjettiness": TAUS,
        "kT scales": subjets.NAMES,
        "soft drop": ("soft_drop_mass", "soft_drop_mass_beta1", "zg", "rg"),
        "pairs and triples": OF_THREE,
        "flow polynomials": flow_polynomials.NAMES,
    }
    theirs = {
        "fastjet N-subjettiness": n_subjettiness,
        "fastjet kT scales": scales,
        "fastjet soft drop": soft_drop,
        "fastjet pairs and triples": pairs_and_triples,
    }
    return (
        {name: lambda names=names: len(of_jets(jets, names)) for name, names in ours.items()}
        | {name: lambda work=work: work(jets) for name, work in theirs.items()}
        | workers.turns("in_energyflow", "cases", python=python, arguments=[saved(jets)])
    )


def clustered(jets, algorithm):
    present = jets[..., 0] > 0
    definition = fastjet.JetDefinition(algorithm, 1000.0)
    return clustering.clustered(jets[present].astype(np.float64), present.sum(axis=1), definition)


def n_subjettiness(jets):
    sequence = clustered(jets, fastjet.kt_algorithm)
    options = {"measure_definition": "NormalizedMeasure", "axes_definition": "WTA_KT_Axes", "R0": 0.8}
    for beta in (1.0, 2.0):
        sequence.njettiness(njets=[1, 2, 3, 4, 5, 6], beta=beta, **options)
    return len(jets)


def scales(jets):
    sequence = clustered(jets, fastjet.kt_algorithm)
    for n in range(1, 6):
        sequence.exclusive_dmerge(n)
    return len(jets)


def soft_drop(jets):
    sequence = clustered(jets, fastjet.cambridge_algorithm)
    for beta in (0.0, 1.0):
        sequence.exclusive_jets_softdrop_grooming(beta=beta)
    return len(jets)


def pairs_and_triples(jets):
    sequence = clustered(jets, fastjet.kt_algorithm)
    for beta in (1, 2):
        for points, angles in ((2, 1), (3, 3), (3, 1), (3, 2)):
            sequence.exclusive_jets_energy_correlator(beta=beta, npoint=points, angles=angles)
    return len(jets)


def saved(jets):
    path = Path(tempfile.mkdtemp()) / "jets.npy"
    np.save(path, jets)
    return str(path)
