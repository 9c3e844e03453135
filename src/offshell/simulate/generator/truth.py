"""Which jets hold a decaying top, W, Z or Higgs and all its quarks."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.simulate.generator.processes.process import TruthMatch
from offshell.simulate.generator.pythia import OUTGOING
from offshell.simulate.generator.records import Collisions

__all__ = ["Decays", "hadronic_decays", "holds_decay"]

HEAVIEST_LIGHT_QUARK = 5


@dataclass(frozen=True)
class Decays:
    """Decays to quarks only, several an event or none."""

    event: Int[np.ndarray, " n"]
    momentum: Float[np.ndarray, "n prongs_and_one 4"]
    """The parent first, then its quarks."""


def hadronic_decays(collisions: Collisions, match: TruthMatch) -> Decays:
    """Find the wanted parents that end in the wanted number of quarks, with all their quarks."""
    code = np.abs(collisions.particles.pdg_id)
    quark = np.flatnonzero((np.abs(collisions.status) == OUTGOING) & (code <= HEAVIEST_LIGHT_QUARK))
    parent = _ancestor(collisions, quark, match.parent)
    quark, parent = quark[parent >= 0], parent[parent >= 0]
    order = np.argsort(parent, kind="stable")
    rows, count = np.unique(parent, return_counts=True)
    complete = rows[count == match.n_quarks]
    quarks = quark[order][np.isin(parent[order], complete)].reshape(len(complete), match.n_quarks)
    members = np.concatenate([complete[:, None], quarks], axis=1)
    return Decays(collisions.particles.event[complete], collisions.particles.momentum[members])


def _ancestor(collisions: Collisions, row: Int[np.ndarray, " n"], wanted: int) -> Int[np.ndarray, " n"]:
    """The nearest ancestor with the wanted code, or -1; one step of all chains at a time."""
    code = np.abs(collisions.particles.pdg_id)
    while True:
        above = np.where(code[row] == wanted, row, collisions.mother[row])
        if np.array_equal(above, row):
            return np.where(code[row] == wanted, row, -1)
        row = above


def holds_decay(
    jet: Float[np.ndarray, "n 4"], event: Int[np.ndarray, " n"], decays: Decays, radius: float
) -> Bool[np.ndarray, " n"]:
    """Whether a decay of the jet's event lies within ``radius`` of its axis, the parent and each quark.

    Args:
        jet: ``E, px, py, pz`` in GeV.
        event: The event of each jet, rising.
        decays: All decays of these events.
        radius: In pseudorapidity and azimuth.
    """
    _, eta, phi = pt_eta_phi(decays.momentum)
    _, jet_eta, jet_phi = pt_eta_phi(jet)
    if len(event) == 0:
        return np.zeros(0, dtype=bool)
    place = np.minimum(np.searchsorted(event, decays.event), len(event) - 1)
    distance = np.hypot(eta - jet_eta[place, None], wrap_angle(phi - jet_phi[place, None]))
    is_inside = (event[place] == decays.event) & np.all(distance < radius, axis=1)
    return np.bincount(place, is_inside, len(event)) > 0
