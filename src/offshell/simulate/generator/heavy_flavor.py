"""Leptons from heavy hadrons are rare: let the hadrons of one collision decay again and again.

Every collision gets as many tries as its weight says, a number that does not depend on how the tries end, and every
try that passes is an event. So events are distributed as without repetition; those of the same collision share what is
not from the decays and are turned about the beam by different angles.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.simulate.generator.particles import DECAYED_LATER, Particles, is_electron_or_muon
from offshell.simulate.generator.processes.of_events import EventProcess
from offshell.simulate.generator.records import Collisions
from offshell.simulate.generator.redecays import (
    DecayLibrary,
    Hadrons,
    decay_products,
    drawn_decays,
    lepton_pt_bound,
    leptons_in_flight,
    oriented,
    polarized,
)
from offshell.simulate.ragged import of_events, renumbered, rows_of

__all__ = ["GENERATED_ETA_MAX", "GENERATED_PT_MIN", "repeated_decays"]

GENERATED_PT_MIN, GENERATED_ETA_MAX = 20.0, 3.1
"""Events without a generated lepton like this are not worth the detector: its resolution is three per cent."""

GENERATED_ISOLATION_MAX = 0.7
"""Charged particles around the lepton; the detector may lose some of them, but hardly a third of their momentum."""

CONE = 0.3


def repeated_decays(
    batch: Collisions, process: EventProcess, library: DecayLibrary, rng: np.random.Generator
) -> tuple[Particles, Int[np.ndarray, " events"]]:
    """Events with a hard lepton that is not deep in a jet: their particles, and the collision of each.

    Args:
        batch: Collisions whose heavy hadrons have not decayed.
        process: How often they are to decay.
        library: Decays.
        rng: Chooses decays, their orientation and that of the event.
    """
    final = batch.final
    heavy = np.isin(np.abs(final.pdg_id), DECAYED_LATER)
    hadrons, others = final.where(heavy), final.where(~heavy)
    # A random rounding: its mean is the weight, so that no collision counts more or less than it should.
    n_tries = np.floor(process.redecays * np.abs(batch.weight) + rng.random(len(batch.weight))).astype(
        np.int64
    )
    tried, collision = _possible_tries(hadrons, np.repeat(np.arange(len(n_tries)), n_tries), library, rng)
    if process.tau_polarization:
        tried = polarized(tried, library, process.tau_polarization, rng)
    products, collision = _isolated(tried, collision, others, library, rng)
    return _turned_about_beam(_merged(_copies(others, collision), products), len(collision), rng), collision


def _possible_tries(
    hadrons: Particles, collision: Int[np.ndarray, " tries"], library: DecayLibrary, rng: np.random.Generator
) -> tuple[Hadrons, Int[np.ndarray, " events"]]:
    """Choose decays for every try and keep the tries that can have a lepton hard enough."""
    attempt, row = rows_of(hadrons.event, collision)
    decay = drawn_decays(hadrons.pdg_id[row], rng)
    hard = lepton_pt_bound(hadrons.momentum[row], decay, library) > GENERATED_PT_MIN
    possible = np.bincount(attempt, hard, len(collision)) > 0
    kept = possible[attempt]
    particles = Particles(
        renumbered(attempt[kept], possible),
        hadrons.pdg_id[row[kept]],
        hadrons.momentum[row[kept]],
        hadrons.vertex[row[kept]],
    )
    return oriented(particles, decay[kept], rng), collision[possible]


def _isolated(
    tried: Hadrons,
    collision: Int[np.ndarray, " tries"],
    others: Particles,
    library: DecayLibrary,
    rng: np.random.Generator,
) -> tuple[Particles, Int[np.ndarray, " events"]]:
    """Decay products of the tries with a lepton that is hard and isolated, and the collision of each."""
    hadron, momentum = leptons_in_flight(tried, library)
    pt, eta, _ = pt_eta_phi(momentum)
    hard = (pt > GENERATED_PT_MIN) & (np.abs(eta) < GENERATED_ETA_MAX)
    event, momentum = tried.particles.event[hadron[hard]], momentum[hard]
    charged = others.where(_is_charged_hadron(others))
    alone = _around(momentum, collision[event], charged) < GENERATED_ISOLATION_MAX
    event, momentum = event[alone], momentum[alone]

    wanted, number = np.unique(event, return_inverse=True)
    rows = np.isin(tried.particles.event, wanted)
    products = decay_products(tried.where(rows), library, rng)
    products = products.moved_to(np.searchsorted(wanted, products.event))
    collision = collision[wanted]
    charged_products = products.where(_is_charged_hadron(products))
    around = _around(momentum, collision[number], charged) + _around(momentum, number, charged_products)
    passes = np.bincount(number, around < GENERATED_ISOLATION_MAX, len(wanted)) > 0
    return of_events(products, passes), collision[passes]


def _is_charged_hadron(particles: Particles) -> Bool[np.ndarray, " n"]:
    is_charged: Bool[np.ndarray, " n"] = (particles.charge != 0) & ~is_electron_or_muon(particles.pdg_id)
    return is_charged


def _around(
    lepton: Float[np.ndarray, "n 4"], event: Int[np.ndarray, " n"], particles: Particles
) -> Float[np.ndarray, " n"]:
    """Transverse momentum of the particles of the event near each lepton, over the lepton's own."""
    pt, eta, phi = pt_eta_phi(lepton)
    other_pt, other_eta, other_phi = pt_eta_phi(particles.momentum)
    owner, row = rows_of(particles.event, event)
    near = np.hypot(other_eta[row] - eta[owner], wrap_angle(other_phi[row] - phi[owner])) < CONE
    total: Float[np.ndarray, " n"] = np.bincount(owner, np.where(near, other_pt[row], 0.0), len(event)) / pt
    return total


def _copies(particles: Particles, collision: Int[np.ndarray, " events"]) -> Particles:
    """For each entry the particles of that collision, as an event of its own."""
    event, row = rows_of(particles.event, collision)
    return Particles(event, particles.pdg_id[row], particles.momentum[row], particles.vertex[row])


def _merged(first: Particles, second: Particles) -> Particles:
    event = np.concatenate([first.event, second.event])
    order = np.argsort(event, kind="stable")
    return Particles(
        event[order],
        np.concatenate([first.pdg_id, second.pdg_id])[order],
        np.concatenate([first.momentum, second.momentum])[order],
        np.concatenate([first.vertex, second.vertex])[order],
    )


def _turned_about_beam(particles: Particles, n_events: int, rng: np.random.Generator) -> Particles:
    angle = rng.uniform(0, 2 * np.pi, n_events)[particles.event]
    cosine, sine = np.cos(angle), np.sin(angle)

    def turn(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> list[Float[np.ndarray, " n"]]:
        return [cosine * x - sine * y, sine * x + cosine * y]

    energy, px, py, pz = particles.momentum.T
    x, y, z = particles.vertex.T
    momentum = np.stack([energy, *turn(px, py), pz], axis=1)
    return Particles(particles.event, particles.pdg_id, momentum, np.stack([*turn(x, y), z], axis=1))
