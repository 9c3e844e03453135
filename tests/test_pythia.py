"""Collisions are complete, repeatable, and their decays are found."""

import dataclasses

import numpy as np
import pytest

from offshell.errors import InputError, OffshellError
from offshell.simulate import PROCESSES, Beam
from offshell.simulate.generator import pythia
from offshell.simulate.generator.processes.process import Process, TruthMatch
from offshell.simulate.generator.pythia import collisions
from offshell.simulate.generator.truth import Decays, hadronic_decays, holds_decay


@pytest.fixture(scope="module")
def top_pairs():
    return next(collisions(PROCESSES["top"], seed=5))


def n_events(batch):
    return batch.particles.event[-1] + 1


def test_what_is_left_of_a_collision_carries_its_energy_and_charge(top_pairs):
    final = top_pairs.final
    for event in range(5):
        mine = final.event == event
        np.testing.assert_allclose(final.momentum[mine].sum(axis=0), [14000, 0, 0, 0], atol=0.1)
        assert final.charge[mine].sum() == 2  # two protons


@pytest.mark.parametrize("energy", [13, 13.6])
def test_the_beam_has_the_energy_of_the_process(energy):
    process = dataclasses.replace(PROCESSES["qcd"], beam=Beam(energy))
    final = next(collisions(process, seed=5)).final
    total = final.momentum[final.event == 0].sum(axis=0)
    np.testing.assert_allclose(total, [1000 * energy, 0, 0, 0], atol=0.1)


def test_multiparton_interactions_make_events_busier():
    alone, busy = (
        next(collisions(dataclasses.replace(PROCESSES["qcd"], beam=Beam(14, multiparton=on)), seed=5))
        for on in (False, True)
    )
    assert len(busy.final) / n_events(busy) > 1.5 * len(alone.final) / n_events(alone)


@pytest.mark.parametrize("energy", [0.0, 13_000.0, float("nan")])
def test_energies_of_no_collider_are_refused(energy):
    with pytest.raises(InputError, match=r"Wrong energy of the beams\. Expected: 0\.9 to 100 TeV"):
        Beam(energy)


def test_displaced_particles_have_a_vertex_and_prompt_ones_have_none(top_pairs):
    distance = np.linalg.norm(top_pairs.final.vertex, axis=1)
    assert 0.3 < np.mean(distance < 1e-6) < 0.99
    assert distance.max() > 10


def test_particles_that_live_long_are_left_to_the_detector_unless_the_process_decays_them(top_pairs):
    longlived = (310, 3122, 3112, 3222, 3312, 3322)
    assert not np.isin(np.abs(top_pairs.final.pdg_id), longlived).any()
    undecayed = next(collisions(dataclasses.replace(PROCESSES["top"], lifetime_max=10.0), seed=5)).final
    assert set(longlived) <= set(np.abs(undecayed.pdg_id))

    def farthest(particles):
        return np.hypot(particles.vertex[:, 0], particles.vertex[:, 1]).max()

    # The tracker ends at 1.2 m. What still decays, hadrons with a b quark, lives half a millimeter times its boost.
    assert farthest(undecayed) < 200
    assert farthest(top_pairs.final) > 1200
    for event in range(100):
        assert undecayed.charge[undecayed.event == event].sum() == 2  # hyperons have theirs


def test_jets_held_against_each_other_do_not_differ_in_what_decays():
    assert {process.lifetime_max for process in PROCESSES.values()} == {None}
    assert Process("mine", "", ("HardQCD:all = on",), "").lifetime_max == 10


def test_every_top_pair_with_hadronic_w_has_two_decays_to_three_quarks(top_pairs):
    decays = hadronic_decays(top_pairs, PROCESSES["top"].match)
    np.testing.assert_array_equal(np.bincount(decays.event), 2)
    parents, quarks = decays.momentum[:, 0], decays.momentum[:, 1:]
    assert quarks.shape[1] == 3
    mass = np.sqrt(parents[:, 0] ** 2 - np.sum(parents[:, 1:] ** 2, axis=1))
    assert np.median(mass) == pytest.approx(173, abs=1)  # Pythia's pole mass, spread by the width


@pytest.mark.parametrize(("name", "scattered"), [("gluon", [21]), ("quark", [1, 2, 3, 4, 5])])
def test_gluon_and_quark_jets_are_from_what_their_name_says(name, scattered):
    batch = next(collisions(PROCESSES[name], seed=6))
    flavors = np.abs(batch.particles.pdg_id[np.abs(batch.status) == pythia.OUTGOING])
    assert len(flavors) == 2 * len(batch.weight)
    assert np.isin(flavors, scattered).all()
    # Heavy quarks come only from those in the protons.
    assert np.isin(flavors, [4, 5]).mean() < 0.15


@pytest.mark.parametrize("name", [name for name, process in PROCESSES.items() if process.match])
def test_quarks_add_up_to_their_parent(name):
    match = PROCESSES[name].match
    decays = hadronic_decays(next(collisions(PROCESSES[name], seed=6)), match)
    assert len(decays.event) >= 100
    # A top's b quark may radiate before the W decays; for the others there is nothing in between.
    lost = np.linalg.norm(decays.momentum[:, 1:].sum(axis=1) - decays.momentum[:, 0], axis=1)
    assert np.median(lost / decays.momentum[:, 0, 0]) < (0.02 if name == "top" else 1e-6)


def test_leptonic_decays_do_not_count():
    leptonic = dataclasses.replace(
        PROCESSES["w"], settings=(*PROCESSES["w"].settings, "24:onMode = off", "24:onIfAny = 11 13")
    )
    assert len(hadronic_decays(next(collisions(leptonic, seed=6)), TruthMatch(24, 2)).event) == 0


def test_a_parent_with_another_number_of_quarks_does_not_count(top_pairs):
    assert len(hadronic_decays(top_pairs, TruthMatch(6, 2)).event) == 0
    assert len(hadronic_decays(top_pairs, TruthMatch(24, 2)).event) == 2 * n_events(top_pairs)


def direction(eta, phi):
    return np.array([100 * np.cosh(eta), 100 * np.cos(phi), 100 * np.sin(phi), 100 * np.sinh(eta)])


@pytest.mark.parametrize(
    ("quark", "held"),
    [
        ((0.0, 0.0), True),
        ((0.79, 0.0), True),
        ((0.81, 0.0), False),
        ((0.0, 0.81), False),
        ((0.6, 0.6), False),
    ],
)
def test_a_jet_holds_a_decay_if_the_parent_and_every_quark_are_within_its_radius(quark, held):
    axis = np.array([0.3, 3.0])  # phi near the seam
    members = [axis, axis + np.array([0.1, 0.3]), axis + quark]
    decays = Decays(np.array([4]), np.array([[direction(*place) for place in members]]))
    jet = np.array([direction(*axis)])
    assert holds_decay(jet, np.array([4]), decays, 0.8).tolist() == [held]
    assert holds_decay(jet, np.array([3]), decays, 0.8).tolist() == [False]


def test_no_jets_hold_no_decays():
    decays = Decays(np.zeros(0, dtype=int), np.zeros((0, 4, 4)))
    assert len(holds_decay(np.zeros((0, 4)), np.zeros(0, dtype=int), decays, 0.8)) == 0
    assert holds_decay(np.array([direction(0, 0)]), np.array([2]), decays, 0.8).tolist() == [False]


def test_dropped_collisions_are_counted_as_tried():
    batch = next(collisions(PROCESSES["top"], seed=5))
    everything = next(collisions(dataclasses.replace(PROCESSES["top"], shower_pt=None), seed=5))
    assert everything.n_tried == n_events(everything) == pythia.EVENTS_PER_BATCH
    assert batch.n_tried > 1.5 * n_events(batch)


def test_the_same_seed_gives_the_same_collisions():
    first, again, other = (next(collisions(PROCESSES["qcd"], seed=seed)) for seed in (9, 9, 10))
    np.testing.assert_array_equal(first.particles.momentum, again.particles.momentum)
    assert first.particles.momentum.shape != other.particles.momentum.shape


def test_a_setting_that_pythia_does_not_know_is_named():
    with pytest.raises(InputError, match=r"Process 'mine'.*Received: 'HardQDC:all = on'"):
        next(collisions(Process("mine", "", ("HardQDC:all = on",), ""), seed=1))


def test_a_process_without_any_hard_collision_is_refused():
    with pytest.raises(InputError, match="Process 'mine': Pythia cannot start"):
        next(collisions(Process("mine", "", (), ""), seed=1))


def test_a_generator_that_only_fails_is_an_error():
    class Broken:
        def nextBatch(self, _n_events):
            return []

        def infoPython(self):
            return self

        def nSelected(self):
            return pythia.EVENTS_PER_BATCH

    with pytest.raises(OffshellError, match="Pythia failed in 100 collisions in a row"):
        next(pythia._batches(Broken()))
