"""What else is known of a jet: from the generator, and of its constituents."""

from collections.abc import Mapping

import fastjet
import numpy as np
from jaxtyping import Float, Int, Shaped

from offshell.inputs.clustering import clustered
from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.io.store import N_CONSTITUENTS
from offshell.simulate.generator.particles import CHARGES, by_code
from offshell.simulate.generator.processes.dark_showers import DARK_MESONS
from offshell.simulate.generator.processes.process import Process
from offshell.simulate.generator.pythia import OUTGOING
from offshell.simulate.generator.records import Collisions
from offshell.simulate.large_radius.conditions import Conditions, SoftDrop
from offshell.simulate.large_radius.leading_jets import LeadingJets, padded
from offshell.simulate.ragged import rows_of

__all__ = ["details", "soft_drop_mass"]

_WHOLE_JET = 100.0
"""A radius that no two particles of a jet are apart."""


def details(
    jets: LeadingJets, batch: Collisions, process: Process, conditions: Conditions
) -> Mapping[str, Shaped[np.ndarray, "n ..."]]:
    """Columns of jets by name: `weight`, `pt_hat`, `flavor`, `n_dark_hadrons`, and those that the conditions ask for.

    Args:
        jets: Of the collisions.
        batch: The collisions.
        process: Whose match says what every jet contains.
        conditions: Which of the optional columns there are.
    """
    columns: dict[str, Shaped[np.ndarray, "n ..."]] = {
        "weight": batch.weight[jets.event].astype(np.float32),
        "pt_hat": batch.pt_hat[jets.event].astype(np.float32),
        "flavor": _flavor(jets, batch, process, conditions.radius),
        "n_dark_hadrons": _n_dark_hadrons(jets, batch, conditions.radius),
    }
    if conditions.soft_drop:
        columns["soft_drop_mass"] = soft_drop_mass(jets, conditions.soft_drop, conditions.radius)
    if conditions.identities:
        charge = by_code(CHARGES, jets.pdg_id, otherwise=0) * np.sign(jets.pdg_id)
        columns["constituent_charge"] = padded(charge.astype(np.int8), jets, N_CONSTITUENTS)
        columns["constituent_pdg_id"] = padded(jets.pdg_id.astype(np.int32), jets, N_CONSTITUENTS)
    return columns


def soft_drop_mass(jets: LeadingJets, cut: SoftDrop, radius: float) -> Float[np.ndarray, " n"]:
    """Mass in GeV of what soft drop leaves of each jet, with FastJet."""
    if not len(jets.event):
        return np.zeros(0, np.float32)
    algorithm = fastjet.JetDefinition(fastjet.cambridge_algorithm, _WHOLE_JET)
    trees = clustered(jets.constituents, jets.n_constituents, algorithm)
    groomed = trees.exclusive_jets_softdrop_grooming(1, beta=cut.beta, symmetry_cut=cut.zcut, R0=radius)
    return np.asarray(groomed.msoftdrop, dtype=np.float32)


def _flavor(jets: LeadingJets, batch: Collisions, process: Process, radius: float) -> Int[np.ndarray, " n"]:
    """Code of what the process asks the jet to hold, or else of the nearest outgoing particle of the hard process; or 0."""
    if process.match:
        return np.full(len(jets.event), process.match.parent, np.int32)
    jet, row, distance = _around(jets, batch, np.abs(batch.status) == OUTGOING, radius)
    order = np.lexsort((distance, jet))
    first, place = np.unique(jet[order], return_index=True)
    flavor = np.zeros(len(jets.event), np.int32)
    flavor[first] = batch.particles.pdg_id[row[order][place]]
    return flavor


def _n_dark_hadrons(jets: LeadingJets, batch: Collisions, radius: float) -> Int[np.ndarray, " n"]:
    dark = np.isin(np.abs(batch.particles.pdg_id), DARK_MESONS)
    jet, _, _ = _around(jets, batch, dark, radius)
    return np.bincount(jet, minlength=len(jets.event)).astype(np.int32)


def _around(
    jets: LeadingJets, batch: Collisions, wanted: Shaped[np.ndarray, " n"], radius: float
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Jet, row and distance of all wanted particles within a radius of the jets of their event."""
    rows = np.flatnonzero(wanted)
    jet, place = rows_of(batch.particles.event[rows], jets.event)
    row = rows[place]
    _, eta, phi = pt_eta_phi(batch.particles.momentum[row])
    _, jet_eta, jet_phi = pt_eta_phi(jets.momentum[jet])
    distance = np.hypot(eta - jet_eta, wrap_angle(phi - jet_phi))
    near = distance < radius
    return jet[near], row[near], distance[near]
