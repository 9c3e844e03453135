"""Subjets: how heavy the parts of a jet are, and at which kT it falls into them."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.momenta import masses
from offshell.inputs.observables.particles import Particles
from offshell.inputs.observables.trees import KT, Trees, grown

__all__ = ["NAMES", "subjets"]

NAMES = (
    *("split12", "split23", "split34", "split45", "split56"),
    *("subjet_mass_1_of_2", "subjet_mass_2_of_2"),
    *("subjet_mass_1_of_3", "subjet_mass_2_of_3", "subjet_mass_3_of_3"),
    *("least_pair_mass", "largest_pair_mass"),
)
"""The columns of `subjets`."""

_N_SCALES = 5


def subjets(particles: Particles) -> Float[np.ndarray, "n 12"]:
    r"""Scales and masses in GeV of the exclusive kT clustering without a radius (Catani et al., NPB 406 (1993) 187).

    - `split12` to `split56`: the scale $\sqrt{d_{N,N+1}} = \min(p_{T,i}, p_{T,j}) \Delta R_{ij}$ at which N + 1 subjets become N.
      A decay of a heavy particle of mass m has it near m / 2 (Butterworth, Cox and Forshaw, hep-ph/0201098).
    - `subjet_mass_1_of_2` to `subjet_mass_3_of_3`: masses of two and of three subjets, the hardest in pT first.
    - `least_pair_mass` and `largest_pair_mass` of the three subjets; in top quarks one of them is that of the W (Kaplan,
      Rehermann, Schwartz and Tweedie, arXiv:0806.0848).

    What needs more particles than there are is 0.
    """
    trees = grown(particles, KT)
    two, three = _hardest(trees, 2), _hardest(trees, 3)
    pairs = masses(three[:, [0, 0, 1]] + three[:, [1, 2, 2]])
    least, largest = pairs.min(axis=1), pairs.max(axis=1)
    columns = (_scales(trees), masses(two), masses(three), np.stack((least, largest), axis=1))
    return np.concatenate(columns, axis=1)


def _scales(trees: Trees) -> Float[np.ndarray, "n 5"]:
    """The scales of the last steps, the very last one first."""
    step = trees.count[:, np.newaxis] - 2 - np.arange(_N_SCALES)
    squared = np.pad(trees.scale, ((0, 0), (0, 1)))  # for jets of one particle
    found = np.sqrt(np.take_along_axis(squared, np.maximum(step, -1), axis=1))
    return np.where(step >= 0, found, 0.0)


def _hardest(trees: Trees, n_subjets: int) -> Float[np.ndarray, "n subjets 4"]:
    """The momenta of the subjets by falling pT; zeros where there are fewer particles."""
    there = trees.left(n_subjets)
    by_pt = np.argsort(-np.where(there, trees.pt, -1.0), axis=1, kind="stable")[:, :n_subjets]
    momentum = np.take_along_axis(trees.momentum, by_pt[..., np.newaxis], axis=1)
    momentum *= np.take_along_axis(there, by_pt, axis=1)[..., np.newaxis]
    return np.pad(momentum, ((0, 0), (0, n_subjets - by_pt.shape[1]), (0, 0)))
