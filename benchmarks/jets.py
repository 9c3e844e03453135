"""Jets to time with: those of a file, or toys with the number of constituents of QCD jets."""

import h5py
import numpy as np

N_JETS = 5000
N_SLOTS = 200


def jets_in(path):
    with h5py.File(path) as file:
        return file["constituents"][:N_JETS]


def toy_jets():
    rng = np.random.default_rng(1)
    n_constituents = np.clip(rng.normal(39.5, 18.6, N_JETS), 5, N_SLOTS)[:, np.newaxis]
    pt = -np.sort(-rng.exponential(15, (N_JETS, N_SLOTS))) * (np.arange(N_SLOTS) < n_constituents)
    eta, phi = rng.normal(0, 0.2, (2, *pt.shape)) + rng.uniform(-2, 2, (2, N_JETS, 1))
    momenta = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)]
    return np.stack(momenta, axis=-1).astype(np.float32)
