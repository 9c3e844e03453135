"""Jet clustering of many events at once, with FastJet (arXiv:1111.6097)."""

from dataclasses import dataclass

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

__all__ = ["HardestJets", "clustered", "four_momenta", "hardest_jets", "padded"]

_COMPONENTS = ("E", "px", "py", "pz")


@dataclass(frozen=True)
class HardestJets:
    """The jets of highest pt of some events, of each as many."""

    event: Int[np.ndarray, " n"]
    """Place among all events."""
    momentum: Float[np.ndarray, "n jets 4"]
    """``E, px, py, pz`` in GeV, by falling pt."""
    members: Int[np.ndarray, " m"]
    """Rows of what was clustered: those of the first jet, then those of the second."""
    n_members: Int[np.ndarray, "n jets"]

    def where(self, mask: Bool[np.ndarray, " n"]) -> "HardestJets":
        """The jets of the events for which ``mask`` holds."""
        kept = np.repeat(np.repeat(mask, self.n_members.shape[1]), self.n_members.ravel())
        return HardestJets(self.event[mask], self.momentum[mask], self.members[kept], self.n_members[mask])


def _quiet_fastjet() -> None:
    """FastJet prints its banner to standard output, which belongs to the results; its bindings have no public way to stop it."""
    fastjet._swig.ClusterSequence.set_fastjet_banner_stream(None)


def clustered(
    momentum: Float[np.ndarray, "m 4"], count: Int[np.ndarray, " events"], definition: fastjet.JetDefinition
) -> fastjet.ClusterSequence:
    """Cluster many events in one call.

    Args:
        momentum: ``E, px, py, pz`` in GeV, one event after the other.
        count: How many rows each event has.
        definition: FastJet's algorithm and radius.
    """
    _quiet_fastjet()
    columns = dict(zip(_COMPONENTS, np.ascontiguousarray(momentum.T), strict=True))
    events = ak.unflatten(ak.zip(columns, with_name="Momentum4D"), count)
    return fastjet.ClusterSequence(events, definition)


def four_momenta(jets: ak.Array) -> Float[np.ndarray, "n 4"]:
    """``E, px, py, pz`` in GeV of jets that FastJet found, of all events in one list."""
    return np.stack([ak.to_numpy(jets[name]) for name in _COMPONENTS], axis=1)


def hardest_jets(
    momentum: Float[np.ndarray, "m 4"],
    count: Int[np.ndarray, " events"],
    *,
    radius: float,
    pt_min: float,
    n_jets: int,
) -> HardestJets:
    """The anti-kT jets (arXiv:0802.1189) of highest pt of all events that have ``n_jets`` of them.

    Args:
        momentum: ``E, px, py, pz`` in GeV, one event after the other.
        count: How many rows each event has.
        radius: In rapidity and azimuth.
        pt_min: GeV; what is softer is no jet.
        n_jets: How many are kept of each event.
    """
    sequence = clustered(momentum, count, fastjet.JetDefinition(fastjet.antikt_algorithm, radius))
    jets = sequence.inclusive_jets(pt_min)
    enough = ak.to_numpy(ak.num(jets)) >= n_jets
    hardest = ak.argsort(jets.px**2 + jets.py**2, axis=1, ascending=False)[enough][:, :n_jets]
    members = sequence.constituent_index(pt_min)[enough][hardest] + (np.cumsum(count) - count)[enough]
    return HardestJets(
        np.flatnonzero(enough),
        four_momenta(ak.flatten(jets[enough][hardest])).reshape(-1, n_jets, len(_COMPONENTS)),
        ak.to_numpy(ak.flatten(members, axis=None)),
        ak.to_numpy(ak.flatten(ak.num(members, axis=2))).reshape(-1, n_jets),
    )


def padded(
    column: Shaped[np.ndarray, "m *row"],
    pt: Float[np.ndarray, " m"],
    count: Int[np.ndarray, " jets"],
    *,
    n_particles: int,
) -> Shaped[np.ndarray, "jets n_particles *row"]:
    """The rows of the constituents of highest pt of each jet, by falling pt, zeros behind.

    Args:
        column: What is known of the constituents, one jet after the other.
        pt: Of each constituent.
        count: How many each jet has.
        n_particles: How many rows each jet gets.
    """
    jet = np.repeat(np.arange(len(count)), count)
    order = np.lexsort((-pt, jet))
    rank = np.arange(len(jet)) - (np.cumsum(count) - count)[jet]
    kept = rank < n_particles
    rows = np.zeros((len(count), n_particles, *column.shape[1:]), dtype=column.dtype)
    rows[jet[kept], rank[kept]] = column[order][kept]
    return rows
