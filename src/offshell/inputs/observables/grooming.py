"""What is left of a jet when its soft and wide branches are taken away."""

import numpy as np
from jaxtyping import Float, Int

from offshell.inputs.constituents import JET_RADIUS
from offshell.inputs.momenta import masses
from offshell.inputs.observables.particles import Particles
from offshell.inputs.observables.shapes import ratio
from offshell.inputs.observables.trees import CAMBRIDGE, Trees, grown

__all__ = ["NAMES", "grooming"]

NAMES = (
    *("soft_drop_mass", "soft_drop_mass_beta1", "zg", "rg"),
    *("n_groomed", "n_soft_drop"),
)
"""The columns of `grooming`."""

_CUT = 0.1
_LEAST_ANGLE = 0.02  # of the branchings that are counted; two towers or tracks are hardly closer

PerJet = Float[np.ndarray, " n"]
Nodes = Int[np.ndarray, " n"]


def grooming(particles: Particles) -> Float[np.ndarray, "n 6"]:
    r"""Soft drop (Larkoski, Marzani, Soyez and Thaler, arXiv:1402.2657) with the parameters of most measurements.

    From the top of the Cambridge/Aachen tree the softer branch is dropped until
    $z = \min(p_{T,1}, p_{T,2}) / (p_{T,1} + p_{T,2}) > 0.1 (\Delta R / 0.8)^\beta$.

    - `soft_drop_mass` and `soft_drop_mass_beta1`: mass of what is left for $\beta = 0$ (the modified mass drop of Dasgupta
      et al., arXiv:1307.0007) and $\beta = 1$, in GeV;
    - `zg` and `rg`: z and $\Delta R$ where the first two branches pass, for $\beta = 0$ (Larkoski, Marzani and Thaler,
      arXiv:1502.01719); 0 where no two do;
    - `n_groomed`: number of particles left for $\beta = 0$;
    - `n_soft_drop`: how many branchings along the harder branches pass for $\beta = 0$ and have $\Delta R > 0.02$ (Frye,
      Larkoski, Thaler and Zhou, arXiv:1704.06266).
    """
    trees = grown(particles, CAMBRIDGE)
    jets = np.arange(len(trees.count))
    (node, z, angle), n_branchings = _first_branching(trees, beta=0), _n_branchings(trees)
    (milder, _, _) = _first_branching(trees, beta=1)
    mass, milder_mass = (masses(trees.momentum[jets, at]) for at in (node, milder))
    columns = (mass, milder_mass, z, angle, _sizes(trees)[jets, node], n_branchings)
    return np.stack(columns, axis=1)


def _first_branching(trees: Trees, *, beta: int) -> tuple[Nodes, PerJet, PerJet]:
    """Down the harder branches the node whose two pass, with their z and distance; or a particle, with zeros."""
    node = trees.root
    while True:
        z, angle, harder = _branching(trees, node)
        dropped = (harder != node) & (z <= _CUT * (angle / JET_RADIUS) ** beta)
        if not dropped.any():
            return node, z, angle
        node = np.where(dropped, harder, node)


def _n_branchings(trees: Trees) -> Int[np.ndarray, " n"]:
    node, found = trees.root, np.zeros(len(trees.count), np.int64)
    while (node >= trees.n_columns).any():
        z, angle, node = _branching(trees, node)
        found += (z > _CUT) & (angle > _LEAST_ANGLE)
    return found


def _branching(trees: Trees, node: Nodes) -> tuple[PerJet, PerJet, Nodes]:
    """How the two branches of a node share its pT, their distance, and the harder one; of a particle 0, 0 and itself."""
    jets, step = np.arange(len(node)), node - trees.n_columns
    if not (step >= 0).any():
        return np.zeros(len(node)), np.zeros(len(node)), node
    one, two = np.moveaxis(trees.children[jets, np.maximum(step, 0)], -1, 0)
    pt_one, pt_two = trees.pt[jets, one], trees.pt[jets, two]
    z = np.where(step >= 0, ratio(np.minimum(pt_one, pt_two), pt_one + pt_two), 0.0)
    angle = np.where(step >= 0, np.sqrt(trees.scale[jets, np.maximum(step, 0)]), 0.0)
    return z, angle, np.where(step >= 0, np.where(pt_one >= pt_two, one, two), node)


def _sizes(trees: Trees) -> Int[np.ndarray, "n nodes"]:
    """How many particles each node is made of."""
    sizes, jets = np.zeros(trees.pt.shape, np.int64), np.arange(len(trees.count))
    sizes[:, : trees.n_columns] = np.arange(trees.n_columns) < trees.count[:, np.newaxis]
    for step in range(trees.scale.shape[1]):
        there = step < trees.count - 1
        made = sizes[jets[:, np.newaxis], trees.children[:, step]].sum(axis=1)
        sizes[:, trees.n_columns + step] = np.where(there, made, 0)
    return sizes
