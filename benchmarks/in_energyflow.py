"""What EnergyFlow does of `observables`, in an interpreter that has it."""

import energyflow
import numpy as np


def cases(path):
    jets = [jet[jet[:, 0] > 0].astype(float) for jet in np.load(path)]
    polynomials = energyflow.EFPSet("d<=4", "d>=1", "p==1", measure="hadr", beta=1, coords="epxpypz")
    return {"EnergyFlow": lambda: len(polynomials.batch_compute(jets, n_jobs=1))}
