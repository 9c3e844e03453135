"""Weights of the generator travel with jets and events, and who takes arrays without them is told."""

import logging

import h5py
import numpy as np
import pytest

from offshell.samples.simulated_events import simulate_events
from offshell.simulate import EventProcess, Process, iter_events, iter_jets, jets
from offshell.simulate.generator.beam import Beam

BIASED = (
    "PhaseSpace:bias2Selection = on",
    "PhaseSpace:bias2SelectionPow = 4",
    "PhaseSpace:bias2SelectionRef = 500",
)
QCD = Process("mine", settings=("HardQCD:all = on", *BIASED), pt_hat=(500, 900), jet_pt=(550, 650))


def test_jets_of_a_biased_generator_have_its_weights(caplog):
    (chunk,) = iter_jets(QCD, 30, seed=1, workers=1)
    # Pythia's weight is (reference / pt-hat)^power.
    np.testing.assert_allclose(chunk.columns["weight"], (500 / chunk.columns["pt_hat"]) ** 4, rtol=1e-4)
    with caplog.at_level(logging.WARNING):
        jets(QCD, 3, seed=1, workers=1)
    assert "mine: the generator weighs its collisions" in caplog.text


def test_jets_with_a_name_weigh_one(caplog):
    (chunk,) = iter_jets("qcd", 3, seed=1, workers=1)
    np.testing.assert_array_equal(chunk.columns["weight"], 1)
    with caplog.at_level(logging.WARNING):
        jets("qcd", 3, seed=1, workers=1)
    assert not caplog.text


@pytest.mark.parametrize(("redecays", "all_one"), [(0, False), (300, True)])
def test_events_have_the_weights_that_their_tries_do_not_have(redecays, all_one):
    bias = (
        "PhaseSpace:bias2Selection = on",
        "PhaseSpace:bias2SelectionPow = 2",
        "PhaseSpace:bias2SelectionRef = 60",
    )
    settings = ("HardQCD:hardbbbar = on", "PhaseSpace:pTHatMin = 60", *bias)
    process = EventProcess("mine", settings=settings, beam=Beam(13), redecays=redecays)
    (chunk,) = iter_events(process, 3, seed=1, pileup=0, workers=1)
    assert np.all(chunk.weight == 1) == all_one
    assert np.all(chunk.weight > 0)


def test_a_file_of_events_has_a_column_of_weights(tmp_path):
    simulate_events(process="z-ll", n_events=3, seed=1, path=tmp_path / "z.h5", pileup=0, workers=1)
    with h5py.File(tmp_path / "z.h5") as file:
        np.testing.assert_array_equal(file["weight"][:], 1)
