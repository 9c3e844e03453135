"""Electrons, muons, jets and missing momentum of an event, as a level-1 trigger would see them."""

from dataclasses import dataclass

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.clustering import clustered, four_momenta
from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.inputs.objects import CLASSES, ELECTRONS, JETS, MUONS, N_OBJECTS
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.detector.phase2 import ELECTRON_ID, MUON_ID
from offshell.simulate.detector.tracking import efficiency
from offshell.simulate.generator.particles import MUON, is_electron_or_muon
from offshell.simulate.ragged import first_rows, rows_of

__all__ = [
    "Leptons",
    "event_rows",
    "identified_leptons",
    "isolation",
]

ELECTRON_PT_MIN, ELECTRON_ETA_MAX = 4.0, 3.0
MUON_PT_MIN, MUON_ETA_MAX = 3.0, 2.1
JET_RADIUS, JET_PT_MIN, JET_ETA_MAX = 0.4, 15.0, 4.0
ISOLATION_RADIUS = 0.3
OWN_TRACK = 1e-6
"""A track that is no farther from a lepton is the lepton's."""


@dataclass(frozen=True)
class Leptons:
    """Identified electrons and muons, sorted by event."""

    event: Int[np.ndarray, " n"]
    is_muon: Bool[np.ndarray, " n"]
    pt: Float[np.ndarray, " n"]
    eta: Float[np.ndarray, " n"]
    phi: Float[np.ndarray, " n"]

    def where(self, mask: Bool[np.ndarray, " n"]) -> "Leptons":
        """The leptons for which ``mask`` holds."""
        return Leptons(self.event[mask], self.is_muon[mask], self.pt[mask], self.eta[mask], self.phi[mask])

    def moved_to(self, event: Int[np.ndarray, " n"]) -> "Leptons":
        """The same leptons in other events."""
        return Leptons(event, self.is_muon, self.pt, self.eta, self.phi)


def identified_leptons(flow: EnergyFlow, rng: np.random.Generator) -> Leptons:
    """Tracks of electrons and muons that are identified; the flow is sorted by event."""
    flow = flow.where(is_electron_or_muon(flow.pdg_id))
    pt, eta, phi = pt_eta_phi(flow.momentum)
    is_muon = np.abs(flow.pdg_id) == MUON
    inside = np.where(
        is_muon,
        (pt > MUON_PT_MIN) & (np.abs(eta) < MUON_ETA_MAX),
        (pt > ELECTRON_PT_MIN) & (np.abs(eta) < ELECTRON_ETA_MAX),
    )
    probability = np.where(is_muon, efficiency(MUON_ID, eta, pt), efficiency(ELECTRON_ID, eta, pt))
    identified = inside & (rng.random(len(pt)) < probability)
    return Leptons(
        flow.event[identified], is_muon[identified], pt[identified], eta[identified], phi[identified]
    )


def isolation(leptons: Leptons, flow: EnergyFlow) -> Float[np.ndarray, " n"]:
    """Sum of the transverse momenta around each lepton, other leptons among them, over its own.

    Args:
        leptons: Sorted by event.
        flow: After the weights, sorted by event; with the tracks of the leptons, which do not count for themselves.
    """
    pt, eta, phi = pt_eta_phi(flow.momentum)
    lepton, row = rows_of(flow.event, leptons.event)
    distance = np.hypot(eta[row] - leptons.eta[lepton], wrap_angle(phi[row] - leptons.phi[lepton]))
    counts = (distance > OWN_TRACK) & (distance <= ISOLATION_RADIUS)
    around = np.bincount(lepton, np.where(counts, pt[row], 0.0), len(leptons.event))
    ratio: Float[np.ndarray, " n"] = around / leptons.pt
    return ratio


def event_rows(flow: EnergyFlow, leptons: Leptons, n_events: int) -> Float[np.ndarray, "n 19 4"]:
    """Lay out each event as 19 rows of ``pt, eta, phi, class``: missing momentum, electrons, muons, jets.

    Args:
        flow: After the weights, sorted by event; every event has an object.
        leptons: Sorted by event.
        n_events: Events are numbered from zero.
    """
    rows = np.zeros((n_events, N_OBJECTS, 4), dtype=np.float32)
    x, y = (-np.bincount(flow.event, flow.momentum[:, i], n_events) for i in (1, 2))
    rows[:, 0, 0], rows[:, 0, 2], rows[:, 0, 3] = np.hypot(x, y), np.arctan2(y, x), CLASSES["met"]
    kinematics = np.stack([leptons.pt, leptons.eta, leptons.phi], axis=1)
    muon, electron = leptons.is_muon, ~leptons.is_muon
    _fill(rows[:, ELECTRONS], leptons.event[electron], kinematics[electron], CLASSES["electrons"])
    _fill(rows[:, MUONS], leptons.event[muon], kinematics[muon], CLASSES["muons"])
    event, jets = _jets(flow, n_events)
    _fill(rows[:, JETS], event, jets, CLASSES["jets"])
    return rows


def _fill(
    rows: Float[np.ndarray, "events size 4"],
    event: Int[np.ndarray, " n"],
    kinematics: Float[np.ndarray, "n 3"],
    object_class: int,
) -> None:
    """Put the objects of highest pt into their event's rows."""
    order = np.lexsort((-kinematics[:, 0], event))
    event, kinematics = event[order], kinematics[order]
    rank = np.arange(len(event)) - first_rows(event, len(rows))[event]
    kept = rank < rows.shape[1]
    rows[event[kept], rank[kept], :3] = kinematics[kept]
    rows[event[kept], rank[kept], 3] = object_class


def _jets(flow: EnergyFlow, n_events: int) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "n 3"]]:
    """Event, pt, eta and phi of all jets."""
    count = np.bincount(flow.event, minlength=n_events)
    definition = fastjet.JetDefinition(fastjet.antikt_algorithm, JET_RADIUS)
    jets = clustered(flow.momentum, count, definition).inclusive_jets(JET_PT_MIN)
    event = np.repeat(np.arange(n_events), ak.to_numpy(ak.num(jets)))
    flat = ak.flatten(jets)
    pt, eta, phi = pt_eta_phi(four_momenta(flat))
    inside = np.abs(eta) < JET_ETA_MAX
    return event[inside], np.stack([pt, eta, phi], axis=1)[inside]
