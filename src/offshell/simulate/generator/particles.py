"""Particles of many events side by side: flat arrays and the number of the event each belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

__all__ = [
    "CHARGES",
    "DECAYED_LATER",
    "ELECTRON",
    "MUON",
    "TAU",
    "Particles",
    "by_code",
    "is_electron_or_muon",
]

ELECTRON, MUON, TAU = 11, 13, 15

# The tau and the ground states with a c or b quark, which decay weakly, sorted.
DECAYED_LATER = (TAU, 411, 421, 431, 511, 521, 531, 541, 4122, 4132, 4232, 4332, 5122, 5132, 5232, 5332)

# Particles that live long enough to reach a detector and bend in its field: charge by (positive) PDG code. The last
# four, charged hyperons, fly only where the generator does not decay them.
CHARGES = {ELECTRON: -1, MUON: -1, 211: 1, 321: 1, 2212: 1, 3112: -1, 3222: 1, 3312: -1, 3334: -1}


@dataclass(frozen=True)
class Particles:
    """Flat arrays, one row a particle; ``event`` never falls from one row to the next."""

    event: Int[np.ndarray, " n"]
    pdg_id: Int[np.ndarray, " n"]
    momentum: Float[np.ndarray, "n 4"]
    """``E, px, py, pz`` in GeV."""
    vertex: Float[np.ndarray, "n 3"]
    """Where the particle was made: ``x, y, z`` in mm."""

    def __len__(self) -> int:
        return len(self.event)

    @property
    def pt(self) -> Float[np.ndarray, " n"]:
        """Transverse momentum in GeV."""
        pt: Float[np.ndarray, " n"] = np.hypot(self.momentum[:, 1], self.momentum[:, 2])
        return pt

    @property
    def charge(self) -> Int[np.ndarray, " n"]:
        """Electric charge in units of the positron's."""
        charge: Int[np.ndarray, " n"] = by_code(CHARGES, self.pdg_id, otherwise=0) * np.sign(self.pdg_id)
        return charge

    def where(self, mask: Bool[np.ndarray, " n"]) -> "Particles":
        """The particles for which ``mask`` holds."""
        return Particles(self.event[mask], self.pdg_id[mask], self.momentum[mask], self.vertex[mask])

    def moved_to(self, event: Int[np.ndarray, " n"]) -> "Particles":
        """The same particles in other events."""
        return Particles(event, self.pdg_id, self.momentum, self.vertex)


def is_electron_or_muon(pdg_id: Int[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """Whether a code is that of an electron, a muon or their antiparticles."""
    code = np.abs(pdg_id)
    is_one: Bool[np.ndarray, " n"] = (code == ELECTRON) | (code == MUON)
    return is_one


def by_code(
    table: Mapping[int, float], pdg_id: Int[np.ndarray, " n"], *, otherwise: float
) -> Shaped[np.ndarray, " n"]:
    """What a table says of each PDG code without its sign, and `otherwise` of a code that it lacks."""
    codes = np.array(sorted(table))
    values = np.array([table[code] for code in codes])
    wanted = np.abs(pdg_id)
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[place] == wanted, values[place], otherwise)
