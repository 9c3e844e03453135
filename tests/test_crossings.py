"""Crossings without bias: how many collisions, which one is the hard one, and that nothing is asked of them."""

import numpy as np
import pytest

from offshell.simulate import events
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.detector.pileup import PileUp, placed
from offshell.simulate.level1 import production
from offshell.simulate.level1.crossings import _hardest, crossing_library, crossings

TRACK = 211


def library(probability=None):
    """Collisions of one track of 1, 2 and 4 GeV, and one of a neutral object of 50 GeV."""
    pt = np.array([1.0, 2.0, 4.0, 50.0])
    momentum = np.stack([pt, pt, np.zeros(4), np.zeros(4)], axis=1)
    return PileUp(
        EnergyFlow(np.arange(4), momentum, np.array([TRACK, TRACK, TRACK, 0])), np.arange(5), probability
    )


def test_collisions_are_chosen_as_often_as_they_happen(rng):
    chosen = placed(library(np.array([0.7, 0.2, 0.1, 0.0])), np.zeros(20_000, int), rng).chosen
    np.testing.assert_allclose(np.bincount(chosen, minlength=4) / 20_000, [0.7, 0.2, 0.1, 0], atol=0.014)


def test_the_hard_collision_has_the_hardest_tracks(rng):
    n_collisions = np.array([3, 1, 6])
    laid = placed(library(), np.repeat(np.arange(3), n_collisions), rng)
    hard = laid.chosen[_hardest(laid, n_collisions)]
    track = np.array([1.0, 2.0, 4.0, 0.0])[laid.chosen]
    of_crossing = np.split(track, np.cumsum(n_collisions)[:-1])
    np.testing.assert_array_equal(np.array([1.0, 2.0, 4.0, 0.0])[hard], [part.max() for part in of_crossing])


def test_the_hard_collision_is_measured_and_the_others_are_taken_away(rng):
    alone = crossings(200, library(np.array([0.0, 0.0, 1.0, 0.0])), 1e-9, rng)
    np.testing.assert_allclose(alone.rows[:, 0, 0], 4.0, rtol=1e-6)  # one track, which nothing balances
    np.testing.assert_array_equal(alone.collision, 2)
    np.testing.assert_array_equal(alone.weight, 1)
    crowd = crossings(200, library(np.array([0.0, 0.0, 1.0, 0.0])), 30, rng)
    np.testing.assert_allclose(crowd.rows[:, 0, 0], 4.0, rtol=1e-6)


@pytest.fixture
def few(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    small = crossing_library.__wrapped__(0, n_of_each=100)
    monkeypatch.setattr(production, "crossing_library", lambda _number: small)
    return small


def test_crossings_of_the_lhc(few):
    # One in a hundred collisions is above a pt-hat of 20 GeV: 0.80 mb of 78.6 mb with Pythia 8.317 at 13.6 TeV.
    assert few.probability.sum() == pytest.approx(1)
    assert few.probability[100:].sum() == pytest.approx(0.0101, rel=0.25)
    sample = events("zero-bias", 120, seed=1, workers=1)
    assert sample.shape == (120, 19, 4)
    leptons = sample[:, 1:9, 0].max(axis=1)
    assert np.mean(leptons > 23) < 0.05
    np.testing.assert_array_equal(events("zero-bias", 50, seed=1, workers=1), sample[:50])
    assert not np.array_equal(events("zero-bias", 50, seed=2, workers=1), sample[:50])
    # Of soft collisions with another pile-up less is left.
    assert np.median(sample[:, 0, 0]) > np.median(
        events("zero-bias", 120, seed=1, pileup=1, workers=1)[:, 0, 0]
    )
