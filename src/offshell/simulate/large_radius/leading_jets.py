"""The leading anti-kT jet of each event and its constituents, with FastJet (arXiv:1111.6097)."""

from dataclasses import dataclass

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from offshell.inputs.clustering import clustered, four_momenta
from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.ragged import starts

__all__ = ["LeadingJets", "leading_jets", "padded", "padded_constituents"]


@dataclass(frozen=True)
class LeadingJets:
    """At most one jet an event."""

    event: Int[np.ndarray, " n"]
    momentum: Float[np.ndarray, "n 4"]
    constituents: Float[np.ndarray, "m 4"]
    """Of all jets, one jet after the other."""
    pdg_id: Int[np.ndarray, " m"]
    """Code of the particle that made a track; zero for neutral constituents."""
    n_constituents: Int[np.ndarray, " n"]

    def where(self, mask: Bool[np.ndarray, " n"]) -> "LeadingJets":
        """The jets for which ``mask`` holds."""
        rows = np.repeat(mask, self.n_constituents)
        return LeadingJets(
            self.event[mask],
            self.momentum[mask],
            self.constituents[rows],
            self.pdg_id[rows],
            self.n_constituents[mask],
        )


def leading_jets(objects: EnergyFlow, *, radius: float, pt_min: float) -> LeadingJets:
    """Cluster each event with anti-kT (arXiv:0802.1189) and keep its jet of highest pt, if above ``pt_min``."""
    order = np.argsort(objects.event, kind="stable")
    momentum = objects.momentum[order]
    event, count = np.unique(objects.event, return_counts=True)
    sequence = clustered(momentum, count, fastjet.JetDefinition(fastjet.antikt_algorithm, radius))
    jets = sequence.inclusive_jets(pt_min)
    best = ak.argmax(jets.px**2 + jets.py**2, axis=1, keepdims=True)
    has_jet = ak.num(jets) > 0
    jet = ak.flatten(jets[best][has_jet])
    members = ak.flatten(sequence.constituent_index(pt_min)[best][has_jet])
    rows = ak.to_numpy(ak.flatten(members + starts(count)[ak.to_numpy(has_jet)]))
    return LeadingJets(
        event[ak.to_numpy(has_jet)],
        four_momenta(jet),
        momentum[rows],
        objects.pdg_id[order][rows],
        ak.to_numpy(ak.num(members)),
    )


def padded_constituents(jets: LeadingJets, n_particles: int) -> Float[np.ndarray, "n particles 4"]:
    """The ``n_particles`` constituents of highest pt of each jet, by falling pt, zeros behind."""
    return padded(jets.constituents.astype(np.float32), jets, n_particles)


def padded(
    column: Shaped[np.ndarray, "m *row"], jets: LeadingJets, n_particles: int
) -> Shaped[np.ndarray, "n particles *row"]:
    """The rows of a column that belong to the ``n_particles`` constituents of highest pt, by falling pt, zeros behind."""
    jet = np.repeat(np.arange(len(jets.n_constituents)), jets.n_constituents)
    pt, _, _ = pt_eta_phi(jets.constituents)
    order = np.lexsort((-pt, jet))
    rank = np.arange(len(jet)) - starts(jets.n_constituents)[jet]
    kept = rank < n_particles
    rows = np.zeros((len(jets.n_constituents), n_particles, *column.shape[1:]), dtype=column.dtype)
    rows[jet[kept], rank[kept]] = column[order][kept]
    return rows
