"""Decays of heavy hadrons, kept in their rest frame, to let a collision's hadrons decay again and again.

Charm and bottom hadrons decay without regard to how they were made, and Pythia decays them so. A decay is therefore as
good at rest as in flight: turned at random and boosted it gives a fresh one at the price of a few products of matrices.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pythia8mc
from jaxtyping import Bool, Float, Int
from scipy.spatial.transform import Rotation

from offshell.simulate.generator.lifetimes import LIFETIME_MAX, lifetimes
from offshell.simulate.generator.particles import DECAYED_LATER, TAU, Particles, is_electron_or_muon
from offshell.simulate.ragged import ranges

__all__ = [
    "DecayLibrary",
    "Hadrons",
    "decay_library",
    "decay_products",
    "drawn_decays",
    "lepton_pt_bound",
    "leptons_in_flight",
    "oriented",
    "polarized",
]

DECAYS_PER_HADRON = 2000
"""Some 500 of each hadron have a lepton; turned and boosted anew, the same one is never seen twice."""


TAU_MASS = 1.77686  # GeV, PDG 2024

# Taus decay unpolarized, for which Pythia's full treatment of their spin would cost a thousand times more.
_SETTINGS = (
    "Print:quiet = on",
    "ProcessLevel:all = off",
    "TauDecays:mode = 0",
    "Random:setSeed = on",
    *lifetimes(LIFETIME_MAX),
)


@dataclass(frozen=True)
class DecayLibrary:
    """Complete decays at rest; the products of one decay follow each other."""

    pdg_id: Int[np.ndarray, " products"]
    momentum: Float[np.ndarray, "products 4"]
    """``E, px, py, pz`` in GeV."""
    vertex: Float[np.ndarray, "products 4"]
    """``t, x, y, z`` in mm after the decay of the hadron."""
    start: Int[np.ndarray, " decays_and_one"]
    """First product of each decay; decay ``i`` of hadron ``k`` is number ``k * DECAYS_PER_HADRON + i``."""
    lifetime: Float[np.ndarray, " hadrons"]
    """Mean proper lifetime in mm."""
    leptons: Int[np.ndarray, " leptons"]
    """Which products are electrons or muons."""
    lepton_energy: Float[np.ndarray, " decays"]
    """Highest energy of an electron or muon in each decay, zero if there is none."""


@dataclass(frozen=True)
class Hadrons:
    """Heavy hadrons in flight and a decay for each."""

    particles: Particles
    decay: Int[np.ndarray, " n"]
    rotation: Float[np.ndarray, "n 3 3"]

    def where(self, mask: Bool[np.ndarray, " n"]) -> "Hadrons":
        """The hadrons for which ``mask`` holds."""
        return Hadrons(self.particles.where(mask), self.decay[mask], self.rotation[mask])


@lru_cache(maxsize=1)
def decay_library(seed: int) -> DecayLibrary:
    """Decay each heavy hadron at rest many times; takes some seconds, once a process."""
    generator = pythia8mc.Pythia(xmlDir="", printBanner=False)
    for setting in (*_SETTINGS, f"Random:seed = {seed}"):
        generator.readString(setting)
    generator.init()
    products = [_decays_at_rest(generator, code) for code in DECAYED_LATER]
    counts, tables, lifetimes = zip(*products, strict=True)
    table, start = np.concatenate(tables), np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    is_lepton = is_electron_or_muon(table[:, 0])
    return DecayLibrary(
        pdg_id=table[:, 0].astype(np.int64),
        momentum=table[:, 1:5],
        vertex=table[:, 5:],
        start=start,
        lifetime=np.array(lifetimes),
        leptons=np.flatnonzero(is_lepton),
        lepton_energy=np.maximum.reduceat(np.where(is_lepton, table[:, 1], 0.0), start[:-1]),
    )


def _decays_at_rest(
    generator: pythia8mc.Pythia, code: int
) -> tuple[Int[np.ndarray, " decays"], Float[np.ndarray, "products 9"], float]:
    """Number of products of each decay; their code, momentum and vertex; the lifetime."""
    mass = generator.particleData.m0(code)
    event = generator.event
    event.reset()
    for _ in range(DECAYS_PER_HADRON):
        event.append(code, 1, 0, 0, 0.0, 0.0, 0.0, mass, mass)
    generator.moreDecays()
    ancestor = np.arange(event.size())
    rows = []
    for row in range(1 + DECAYS_PER_HADRON, event.size()):
        product = event[row]
        ancestor[row] = ancestor[product.mother1()]
        if product.isFinal():
            momentum = (product.e(), product.px(), product.py(), product.pz())
            vertex = (product.tProd(), product.xProd(), product.yProd(), product.zProd())
            rows.append((ancestor[row] - 1, product.id(), *momentum, *vertex))
    table = np.array(rows)
    table = table[np.argsort(table[:, 0], kind="stable")]
    count = np.bincount(table[:, 0].astype(np.int64), minlength=DECAYS_PER_HADRON)
    return count, table[:, 1:], generator.particleData.tau0(code)


def drawn_decays(pdg_id: Int[np.ndarray, " n"], rng: np.random.Generator) -> Int[np.ndarray, " n"]:
    """Choose a decay for each hadron."""
    kind = np.searchsorted(DECAYED_LATER, np.abs(pdg_id))
    chosen: Int[np.ndarray, " n"] = kind * DECAYS_PER_HADRON + rng.integers(
        DECAYS_PER_HADRON, size=len(pdg_id)
    )
    return chosen


def oriented(particles: Particles, decay: Int[np.ndarray, " n"], rng: np.random.Generator) -> Hadrons:
    """Choose an orientation for each decay."""
    return Hadrons(particles, decay, Rotation.random(len(particles), rng=rng).as_matrix())


def polarized(taus: Hadrons, library: DecayLibrary, polarization: float, rng: np.random.Generator) -> Hadrons:
    """Turn the leptonic decays of taus that fly with this polarization; all others stay as they are.

    A lepton with the share ``x`` of its highest energy goes at an angle ``theta`` to the flight as often as
    ``3 - 2 x + polarization (1 - 2 x) cos(theta)`` (Y.-S. Tsai, Phys. Rev. D 4 (1971) 2821; masses of the leptons
    and photons neglected). Half of the decays that point the wrong way are reflected; that is exact for such a law.
    """
    is_tau = np.abs(taus.particles.pdg_id) == TAU
    energy = np.where(is_tau, library.lepton_energy[taus.decay], 0.0)
    first = np.searchsorted(library.leptons, library.start)[taus.decay]
    lepton = library.leptons[np.minimum(first, len(library.leptons) - 1)]
    flight = taus.particles.momentum[:, 1:]
    direction = np.einsum("nij,nj->ni", taus.rotation, library.momentum[lepton, 1:])
    norm = np.linalg.norm(flight, axis=1) * np.linalg.norm(direction, axis=1)
    cosine = np.sum(flight * direction, axis=1) / norm
    x = np.minimum(2 * energy / TAU_MASS, 1.0)
    slope = polarization * (1 - 2 * x) / (3 - 2 * x)
    reflected = (energy > 0) & (rng.random(len(x)) > (1 + slope * cosine) / 2)
    # A half turn about an axis across the flight takes cos(theta) to -cos(theta).
    across = np.stack([-flight[:, 1], flight[:, 0], np.zeros(len(x))], axis=1)
    half_turn = Rotation.from_rotvec(np.pi * across / np.linalg.norm(across, axis=1)[:, None]).as_matrix()
    rotation = np.where(reflected[:, None, None], half_turn @ taus.rotation, taus.rotation)
    return Hadrons(taus.particles, taus.decay, rotation)


def lepton_pt_bound(
    hadron_momentum: Float[np.ndarray, "n 4"], decay: Int[np.ndarray, " n"], library: DecayLibrary
) -> Float[np.ndarray, " n"]:
    """What the transverse momentum of an electron or muon from this decay is at most, however it is turned."""
    pt_squared = hadron_momentum[:, 1] ** 2 + hadron_momentum[:, 2] ** 2
    mass_squared = _squared_mass(hadron_momentum)
    boost = (np.sqrt(pt_squared) + np.sqrt(pt_squared + mass_squared)) / np.sqrt(mass_squared)
    bound: Float[np.ndarray, " n"] = library.lepton_energy[decay] * boost
    return bound


def leptons_in_flight(
    hadrons: Hadrons, library: DecayLibrary
) -> tuple[Int[np.ndarray, " m"], Float[np.ndarray, "m 4"]]:
    """The hadron and the momentum of every electron and muon from the decays."""
    first = np.searchsorted(library.leptons, library.start)
    hadron, lepton = ranges(first[hadrons.decay], first[hadrons.decay + 1])
    return hadron, _in_flight(library.momentum[library.leptons[lepton]], hadrons, hadron)


def decay_products(hadrons: Hadrons, library: DecayLibrary, rng: np.random.Generator) -> Particles:
    """The products of all decays, in the order of the hadrons."""
    hadron, product = ranges(library.start[hadrons.decay], library.start[hadrons.decay + 1])
    parent = hadrons.particles
    kind = hadrons.decay // DECAYS_PER_HADRON
    mass = np.sqrt(_squared_mass(parent.momentum))
    flight = library.lifetime[kind] * rng.standard_exponential(len(kind)) / mass
    origin = parent.vertex + parent.momentum[:, 1:] * flight[:, None]
    return Particles(
        parent.event[hadron],
        library.pdg_id[product] * np.sign(parent.pdg_id)[hadron],
        _in_flight(library.momentum[product], hadrons, hadron),
        origin[hadron] + _in_flight(library.vertex[product], hadrons, hadron)[:, 1:],
    )


def _squared_mass(momentum: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, " n"]:
    squared: Float[np.ndarray, " n"] = momentum[:, 0] ** 2 - np.sum(momentum[:, 1:] ** 2, axis=1)
    return squared


def _in_flight(
    four_vector: Float[np.ndarray, "m 4"], hadrons: Hadrons, hadron: Int[np.ndarray, " m"]
) -> Float[np.ndarray, "m 4"]:
    """Turn four-vectors and boost them from the rest frame of their hadron."""
    frame = hadrons.particles.momentum[hadron]
    mass = np.sqrt(_squared_mass(frame))
    space = np.einsum("nij,nj->ni", hadrons.rotation[hadron], four_vector[:, 1:])
    along = np.sum(frame[:, 1:] * space, axis=1)
    time = (frame[:, 0] * four_vector[:, 0] + along) / mass
    shift = (time + four_vector[:, 0]) / (frame[:, 0] + mass)
    moved: Float[np.ndarray, "m 4"] = np.concatenate(
        [time[:, None], space + frame[:, 1:] * shift[:, None]], axis=1
    )
    return moved
