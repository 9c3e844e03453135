"""Pile-up laid over events: how much, where, and that it is only turned."""

import numpy as np
import pytest

from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.detector.pileup import PileUp, overlay, pileup_library

N_EVENTS = 2000


@pytest.fixture
def library():
    """Two collisions: one of a single track, one of a track and a neutral object."""
    momentum = np.array([[5.0, 3.0, 0.0, 4.0], [13.0, 5.0, 0.0, -12.0], [2.0, 0.0, 2.0, 0.0]])
    return PileUp(EnergyFlow(np.array([0, 1, 1]), momentum, np.array([211, -13, 0])), np.array([0, 1, 3]))


@pytest.fixture
def hard():
    return EnergyFlow(
        np.arange(N_EVENTS)[::-1], np.tile([10.0, 6.0, 0.0, 8.0], (N_EVENTS, 1)), np.full(N_EVENTS, 11)
    )


def test_the_number_of_collisions_is_poisson(hard, library):
    n_vertices = overlay(hard, N_EVENTS, library, 20.0, np.random.default_rng(1)).n_vertices
    assert n_vertices.mean() == pytest.approx(21, abs=4 * np.sqrt(20 / N_EVENTS))
    assert n_vertices.var() == pytest.approx(20, rel=4 * np.sqrt(2 / N_EVENTS))


def test_each_collision_brings_all_its_objects(hard, library):
    events = overlay(hard, N_EVENTS, library, 3.0, np.random.default_rng(2))
    codes = events.flow.pdg_id[events.is_pileup]
    assert np.count_nonzero(codes == -13) == np.count_nonzero(codes == 0)
    n_collisions = np.count_nonzero(codes == 211) + np.count_nonzero(codes == -13)
    assert n_collisions == events.n_vertices.sum() - N_EVENTS
    assert np.count_nonzero(codes == 211) == pytest.approx(n_collisions / 2, rel=0.06)


def test_events_are_sorted_and_the_hard_collision_stays_as_it_is(hard, library):
    events = overlay(hard, N_EVENTS, library, 3.0, np.random.default_rng(3))
    assert np.all(np.diff(events.flow.event) >= 0)
    kept = events.flow.where(~events.is_pileup)
    np.testing.assert_array_equal(kept.event, np.arange(N_EVENTS))
    np.testing.assert_array_equal(kept.momentum, hard.momentum)


def test_pile_up_is_turned_about_the_beam_and_mirrored_only(hard, library):
    events = overlay(hard, N_EVENTS, library, 3.0, np.random.default_rng(4))
    tracks = events.flow.where(events.is_pileup & (events.flow.pdg_id == 211))
    pt, _, phi = pt_eta_phi(tracks.momentum)
    np.testing.assert_allclose(pt, 3.0)
    np.testing.assert_allclose(np.abs(tracks.momentum[:, 3]), 4.0)
    assert np.mean(tracks.momentum[:, 3] > 0) == pytest.approx(0.5, abs=0.05)
    assert np.histogram(phi, 8, (-np.pi, np.pi))[0].min() > 0.8 * len(phi) / 8


def test_objects_of_one_collision_keep_their_angle(library):
    lone = EnergyFlow(np.array([0]), np.array([[1.0, 1.0, 0.0, 0.0]]), np.array([11]))
    events = overlay(lone, 1, library, 30.0, np.random.default_rng(5))
    pileup = events.flow.where(events.is_pileup)
    muon = np.flatnonzero(pileup.pdg_id == -13)
    between = np.sum(pileup.momentum[muon, 1:3] * pileup.momentum[muon + 1, 1:3], axis=1)
    np.testing.assert_allclose(between, 0.0, atol=1e-9)


def test_no_library_means_no_pile_up(hard):
    events = overlay(hard, N_EVENTS, None, 20.0, np.random.default_rng(6))
    assert not events.is_pileup.any()
    np.testing.assert_array_equal(events.n_vertices, 1)


def test_minimum_bias_collisions_are_soft_and_reach_the_whole_detector():
    library = pileup_library.__wrapped__(3, n_collisions=200)
    assert len(library.start) == 201
    pt, eta, _ = pt_eta_phi(library.flow.momentum)
    per_collision = np.diff(library.start)
    # Pinned: 68.4 objects on average for 500 collisions of seed 1.
    assert 50 < per_collision.mean() < 90
    assert np.median(pt) < 0.8
    assert np.abs(eta).max() > 4.5
    central = (np.abs(eta) < 1) & (library.flow.pdg_id != 0) & (pt > 0.5)
    # CMS counts 5.5 charged hadrons per unit of eta at 13 TeV (arXiv:1507.05915); about half have 0.5 GeV.
    assert 1.5 < np.count_nonzero(central) / 2 / 200 < 3.5
