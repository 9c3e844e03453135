"""Pairs of jets: the two of highest pt of each event, whichever file or simulation it is from."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.clustering import HardestJets, hardest_jets, padded
from offshell.inputs.momenta import pt_eta_phi

__all__ = ["UNKNOWN", "Dijets", "constituents_of", "joined_dijets", "two_hardest"]

UNKNOWN = -1
"""Label of events of which nobody says what they are."""

_PT_MIN = 20.0
"""GeV; what is softer is no jet."""


@dataclass(frozen=True)
class Dijets:
    """The two jets of highest pt of each event, and what is known of the event."""

    constituents: Float[np.ndarray, "n 2 particles 4"]
    """``E, px, py, pz`` in GeV by falling pt, zero-padded, float32."""
    jets: Float[np.ndarray, "n 2 4"]
    """``E, px, py, pz`` in GeV of all constituents, also those beyond the ``particles`` of highest pt, float32."""
    m_jj: Float[np.ndarray, " n"]
    """Mass of both jets together in GeV, float32."""
    pt_hat: Float[np.ndarray, " n"]
    """Transverse momentum of the hard process in GeV, float32; NaN where nobody says."""
    weight: Float[np.ndarray, " n"]
    """What each event counts for, float32; one unless the generator prefers some."""
    label: Int[np.ndarray, " n"]
    """int8: 0 for QCD, 1 for all else, -1 where nobody says."""

    def __len__(self) -> int:
        return len(self.m_jj)

    def where(self, rows: Bool[np.ndarray, " n"] | slice) -> Self:
        """Some of the events."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


def joined_dijets(parts: Iterable[Dijets]) -> Dijets:
    """All events of several."""
    several = list(parts)
    columns = ([getattr(part, field.name) for part in several] for field in fields(Dijets))
    return Dijets(*map(np.concatenate, columns))


def two_hardest(
    momentum: Float[np.ndarray, "m 4"], count: Int[np.ndarray, " events"], *, radius: float
) -> HardestJets:
    """The two anti-kT jets of highest pt of each event that has two above 20 GeV.

    Args:
        momentum: ``E, px, py, pz`` in GeV, one event after the other.
        count: How many rows each event has.
        radius: In rapidity and azimuth.
    """
    return hardest_jets(momentum, count, radius=radius, pt_min=_PT_MIN, n_jets=2)


def constituents_of(
    jets: HardestJets, momentum: Float[np.ndarray, "m 4"], *, n_particles: int
) -> Float[np.ndarray, "n jets particles 4"]:
    """The constituents of highest pt of each jet, float32, by falling pt, zero-padded.

    Args:
        jets: What was found.
        momentum: What it was found in, ``E, px, py, pz`` in GeV.
        n_particles: How many are kept.
    """
    own = momentum[jets.members]
    pt, _, _ = pt_eta_phi(own)
    rows = padded(own.astype(np.float32), pt, jets.n_members.ravel(), n_particles=n_particles)
    return rows.reshape(*jets.n_members.shape, *rows.shape[1:])
