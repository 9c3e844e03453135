"""Without a detector, clustering sees all visible particles as they are."""

import sys

import h5py
import numpy as np
import pytest

from offshell import cli
from offshell.inputs import substructure
from offshell.simulate import PROCESSES, jets
from offshell.simulate.detector.calorimeter import energy_flow
from offshell.simulate.detector.cards import ATLAS
from offshell.simulate.detector.particle_level import seen, visible_particles
from offshell.simulate.generator.particles import Particles
from offshell.simulate.generator.pythia import collisions

PION, PHOTON, NEUTRINO, MUON, NEUTRON = -211, 22, -14, 13, 2112


@pytest.fixture(scope="module")
def final():
    return next(collisions(PROCESSES["jetnet_quark"], seed=5)).final


def test_neutrinos_are_left_out_and_charged_particles_keep_their_code(rng):
    codes = np.array([PION, PHOTON, NEUTRINO, MUON, NEUTRON])
    momentum = rng.normal(size=(5, 4))
    far_away = np.full((5, 3), 1e4)
    flow = visible_particles(Particles(np.array([0, 0, 1, 1, 2]), codes, momentum, far_away))
    np.testing.assert_array_equal(flow.momentum, momentum[[0, 1, 3, 4]])
    np.testing.assert_array_equal(flow.event, [0, 0, 1, 2])
    np.testing.assert_array_equal(flow.pdg_id, [PION, 0, MUON, 0])


def test_what_is_seen_balances_where_nothing_is_invisible(final):
    flow = seen(final, None, np.random.default_rng(1))
    has_neutrino = np.isin(np.abs(final.pdg_id), (12, 14, 16))
    without = np.setdiff1d(final.event, final.event[has_neutrino])
    assert len(without) > 10
    for axis in (1, 2):
        sums = np.bincount(flow.event, flow.momentum[:, axis])[without]
        np.testing.assert_allclose(sums, 0, atol=1e-3)  # GeV of 13,000: what Pythia itself balances to


def test_a_detector_is_used_where_there_is_one(final):
    flow, expected = (
        seen(final, ATLAS, np.random.default_rng(1)),
        energy_flow(final, ATLAS, np.random.default_rng(1)),
    )
    np.testing.assert_array_equal(flow.momentum, expected.momentum)


def test_jets_of_particles_have_more_of_them_than_a_detector_reports():
    of_particles, measured = (jets("qcd", 60, seed=1, detector=card, workers=1) for card in (None, ATLAS))
    counts = [substructure.n_constituents(sample).mean() for sample in (of_particles, measured)]
    assert counts[0] > 1.3 * counts[1]
    assert np.all(of_particles[..., 0] >= 0)


def test_the_command_writes_jets_of_particles_in_the_layout_of_jetnet(tmp_path, monkeypatch):
    path = tmp_path / "t.hdf5"
    options = ["--events", 8, "--detector", "none", "--radius", 0.4, "--workers", 1, "--layout", "jetnet"]
    words = ["offshell", "simulate", "jets", "jetnet_top", *options, "--out", path]
    monkeypatch.setattr(sys, "argv", [*map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    with h5py.File(path) as file:
        assert (file.attrs["process"], file.attrs["detector"]) == ("jetnet_top", "none")
        angles, mask = file["particle_features"][..., :2], file["particle_features"][..., 3]
        mass = file["jet_features"][:, 2]
    distance = np.linalg.norm(angles, axis=-1)[mask == 1]
    assert np.quantile(distance, 0.99) == pytest.approx(0.4, abs=0.12)
    assert 80 < np.median(mass) < 220  # GeV: a W, a top, or more


def test_jets_as_in_jetnet_have_partons_of_a_tev_and_the_pt_of_its_window():
    sample = jets("jetnet_gluon", 60, seed=1, detector=None, radius=0.4, workers=1)
    pt = substructure.pt(sample)
    assert np.all((pt >= 799.99) & (pt <= 1600.01))
    assert np.median(pt) == pytest.approx(
        980, abs=50
    )  # some is radiated out of the leading jet, some comes in
