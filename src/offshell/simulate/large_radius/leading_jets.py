"""The leading anti-kT jet of each event and its constituents, with FastJet (arXiv:1111.6097)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from offshell.inputs import clustering
from offshell.inputs.clustering import hardest_jets
from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.calorimeter import EnergyFlow, by_event

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
    flow = by_event(objects)
    event, count = np.unique(flow.event, return_counts=True)
    found = hardest_jets(flow.momentum, count, radius=radius, pt_min=pt_min, n_jets=1)
    return LeadingJets(
        event[found.event],
        found.momentum[:, 0],
        flow.momentum[found.members],
        flow.pdg_id[found.members],
        found.n_members[:, 0],
    )


def padded_constituents(jets: LeadingJets, n_particles: int) -> Float[np.ndarray, "n particles 4"]:
    """The ``n_particles`` constituents of highest pt of each jet, by falling pt, zeros behind."""
    return padded(jets.constituents.astype(np.float32), jets, n_particles)


def padded(
    column: Shaped[np.ndarray, "m *row"], jets: LeadingJets, n_particles: int
) -> Shaped[np.ndarray, "n particles *row"]:
    """The rows of a column that belong to the ``n_particles`` constituents of highest pt, by falling pt, zeros behind."""
    pt, _, _ = pt_eta_phi(jets.constituents)
    return clustering.padded(column, pt, jets.n_constituents, n_particles=n_particles)
