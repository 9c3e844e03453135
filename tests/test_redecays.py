"""Decays at rest, boosted: closed forms for momentum and flight, and Pythia's own decays in flight."""

from dataclasses import replace

import numpy as np
import pytest

from offshell.simulate import EVENT_PROCESSES
from offshell.simulate.generator import pythia
from offshell.simulate.generator.heavy_flavor import GENERATED_PT_MIN, repeated_decays
from offshell.simulate.generator.particles import DECAYED_LATER, Particles
from offshell.simulate.generator.processes.of_events import Thinning
from offshell.simulate.generator.redecays import (
    DECAYS_PER_HADRON,
    decay_library,
    decay_products,
    drawn_decays,
    lepton_pt_bound,
    leptons_in_flight,
    oriented,
    polarized,
)

MASS = {411: 1.86962, 521: 5.27925, 5122: 5.6194, 15: 1.77682}
C_TAU = {411: 0.3118, 521: 0.4911, 15: 0.08711}


@pytest.fixture(scope="module")
def library():
    return decay_library(1)


def hadrons(code, n, pt=40.0, eta=0.7):
    mass = MASS[abs(code)]
    px, pz = pt, pt * np.sinh(eta)
    momentum = np.array([np.sqrt(mass**2 + px**2 + pz**2), px, 0.0, pz])
    return Particles(np.arange(n), np.full(n, code), np.tile(momentum, (n, 1)), np.full((n, 3), 2.0))


def in_flight(code, n, library, seed=0):
    rng = np.random.default_rng(seed)
    particles = hadrons(code, n)
    chosen = oriented(particles, drawn_decays(particles.pdg_id, rng), rng)
    return particles, chosen, decay_products(chosen, library, rng)


@pytest.mark.parametrize("code", MASS)
def test_products_carry_the_momentum_of_their_hadron(library, code):
    particles, _, products = in_flight(code, 300, library)
    total = np.stack([np.bincount(products.event, products.momentum[:, i], 300) for i in range(4)], axis=1)
    np.testing.assert_allclose(total, particles.momentum, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("code", MASS)
def test_products_keep_their_mass(library, code):
    _, _, products = in_flight(code, 300, library)
    squared = products.momentum[:, 0] ** 2 - np.sum(products.momentum[:, 1:] ** 2, axis=1)
    pions = np.abs(products.pdg_id) == 211
    np.testing.assert_allclose(squared[pions], 0.13957**2, atol=1e-6)


@pytest.mark.parametrize("code", C_TAU)
def test_hadrons_fly_as_far_as_their_lifetime_says(library, code):
    n = 4000
    _, chosen, products = in_flight(code, n, library)
    code_of_product, first = np.abs(products.pdg_id), np.full(n, np.inf)
    distance = np.linalg.norm(products.vertex - 2.0, axis=1)
    np.minimum.at(first, products.event[code_of_product != 22], distance[code_of_product != 22])
    momentum = np.linalg.norm(chosen.particles.momentum[0, 1:])
    expected = C_TAU[code] * momentum / MASS[code]
    # Those of a few per cent of the decays begin with a long-lived strange hadron only.
    assert np.median(first) == pytest.approx(expected * np.log(2), rel=0.08)


def test_antiparticles_decay_to_antiparticles(library):
    _, chosen, _ = in_flight(411, 200, library)
    mirrored = replace(chosen, particles=hadrons(-411, 200))
    products = decay_products(chosen, library, np.random.default_rng(1))
    anti = decay_products(mirrored, library, np.random.default_rng(1))
    np.testing.assert_array_equal(anti.pdg_id, -products.pdg_id)
    np.testing.assert_array_equal(anti.momentum, products.momentum)


@pytest.mark.parametrize("code", DECAYED_LATER)
def test_no_lepton_is_harder_than_its_bound_and_some_come_near(library, code):
    rng = np.random.default_rng(2)
    first = DECAYED_LATER.index(code) * DECAYS_PER_HADRON
    decay = np.repeat(np.arange(first, first + DECAYS_PER_HADRON), 10)
    particles = hadrons(411, len(decay))  # any mass will do
    bound = lepton_pt_bound(particles.momentum, decay, library)
    owner, momentum = leptons_in_flight(oriented(particles, decay, rng), library)
    share = np.hypot(momentum[:, 1], momentum[:, 2]) / bound[owner]
    assert 0.9 < share.max() < 1 + 1e-9


# From the decay tables of the PDG 2024: tau -> e or mu 35.2 %, D+ -> e or mu X 33.7 %, D0 -> e or mu X 13.2 %.
@pytest.mark.parametrize(("code", "share"), [(15, 0.352), (411, 0.337), (421, 0.132)])
def test_the_share_of_decays_with_a_lepton_is_that_of_the_tables(library, code, share):
    first = DECAYED_LATER.index(code) * DECAYS_PER_HADRON
    # Dalitz pairs of soft electrons, one pi0 in 85, are not meant.
    found = np.mean(library.lepton_energy[first : first + DECAYS_PER_HADRON] > 0.15)
    assert found == pytest.approx(share, abs=0.045)


def bottom_pairs(**changes):
    settings = ("HardQCD:hardbbbar = on", "PhaseSpace:pTHatMin = 60")
    return replace(EVENT_PROCESSES["qcd-lepton"], settings=settings, thinning=Thinning(), **changes)


def hard_leptons(particles, n):
    code, pt = np.abs(particles.pdg_id), np.hypot(particles.momentum[:, 1], particles.momentum[:, 2])
    hard = ((code == 11) | (code == 13)) & (pt > GENERATED_PT_MIN)
    hard &= np.abs(particles.momentum[:, 3]) < pt * np.sinh(3.1)
    return np.count_nonzero(np.bincount(particles.event, hard, n))


def test_repeated_decays_give_leptons_as_often_as_pythia_does(library, monkeypatch):
    monkeypatch.setattr("offshell.simulate.generator.heavy_flavor.GENERATED_ISOLATION_MAX", np.inf)
    n_direct = n_repeated = 0
    direct = pythia.event_collisions(bottom_pairs(redecays=0), seed=4)
    for _ in range(10):
        n_direct += hard_leptons(next(direct).final, 100)
    stable = bottom_pairs(redecays=30)
    repeated = pythia.event_collisions(stable, seed=4)
    for _ in range(10):
        _, collision = repeated_decays(next(repeated), stable, library, np.random.default_rng(3))
        n_repeated += len(collision)
    expected = n_repeated / stable.redecays
    # Poisson for the thousand direct decays; the thousand parents of the others vary by about 4 per cent.
    assert abs(n_direct - expected) < 3 * np.hypot(np.sqrt(n_direct), 0.04 * expected)


def test_collisions_decay_as_often_as_they_weigh(library):
    process = bottom_pairs(redecays=40)
    batch = next(pythia.event_collisions(process, seed=5))
    heavy, light = (
        len(repeated_decays(replace(batch, weight=weight), process, library, np.random.default_rng(1))[1])
        for weight in (np.full(100, 5.0), np.full(100, 0.5))
    )
    assert heavy / light == pytest.approx(10, rel=0.35)


def test_events_of_a_collision_are_turned_by_different_angles(library):
    process = bottom_pairs(redecays=300)
    batch = next(pythia.event_collisions(process, seed=6))
    particles, collision = repeated_decays(batch, process, library, np.random.default_rng(1))
    twins = np.flatnonzero(np.bincount(collision) > 1)[0]
    one, two = np.flatnonzero(collision == twins)[:2]
    first, second = (particles.where(particles.event == event).momentum[0] for event in (one, two))
    assert np.hypot(*first[1:3]) == pytest.approx(np.hypot(*second[1:3]))
    assert first[3] == second[3]
    assert abs(np.arctan2(first[2], first[1]) - np.arctan2(second[2], second[1])) > 1e-3


@pytest.mark.parametrize("polarization", [-1.0, 1.0])
def test_leptons_of_polarized_taus_go_where_the_law_says(library, polarization):
    rng = np.random.default_rng(7)
    n = 60_000
    taus = hadrons(15, n)
    chosen = polarized(oriented(taus, drawn_decays(taus.pdg_id, rng), rng), library, polarization, rng)
    owner, momentum = leptons_in_flight(chosen, library)
    # Mean of the lepton's share of the energy: (7 - polarization) / 20; 700 decays know it to 0.008.
    share = momentum[:, 0] / taus.momentum[owner, 0]
    hard = library.lepton_energy[chosen.decay[owner]] > 0.15
    assert share[hard].mean() == pytest.approx((7 - polarization) / 20, abs=0.025)


def test_decays_without_a_lepton_and_of_hadrons_stay_as_they_are(library):
    rng = np.random.default_rng(8)
    mesons = hadrons(521, 100)
    chosen = oriented(mesons, drawn_decays(mesons.pdg_id, rng), rng)
    np.testing.assert_array_equal(polarized(chosen, library, 1.0, rng).rotation, chosen.rotation)
