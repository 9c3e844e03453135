"""From a process to jets: the selection, the seeds, the workers, and what is refused."""

import builtins
import dataclasses
import importlib
import sys
from itertools import combinations

import numpy as np
import pytest

from offshell import simulate
from offshell.errors import InputError, MissingDependencyError
from offshell.inputs import substructure
from offshell.inputs.momenta import pt_eta_phi, wrap_angle
from offshell.simulate import PROCESSES, Beam, iter_jets, jets
from offshell.simulate.detector.cards import ATLAS, ATLAS_FINE, CMS
from offshell.simulate.detector.pileup import pileup_library
from offshell.simulate.large_radius import production

# Mean mass in GeV of jets that hold the whole decay, known from the particle; a window of +- 15 %.
EXPECTED_MASS = {"top": 176, "w": 91, "z": 98, "h_bb": 123, "heavy_resonance": 195}


@pytest.fixture(scope="module")
def few():
    """Some jets of every process."""
    return {name: jets(name, 40, seed=7, workers=1) for name in PROCESSES}


@pytest.mark.parametrize("name", PROCESSES)
def test_jets_of_every_process_are_what_was_asked_for(few, name):
    sample = few[name]
    assert sample.shape == (40, 200, 4)
    assert sample.dtype == np.float32
    pt, eta, _ = pt_eta_phi(sample.sum(axis=1, dtype=np.float64))
    assert np.all((pt >= 549.99) & (pt <= 650.01))
    assert np.all(np.abs(eta) < 2)


@pytest.mark.parametrize("name", PROCESSES)
def test_constituents_are_sorted_by_pt_and_padded_with_zeros(few, name):
    energy, pt = few[name][..., 0], np.hypot(few[name][..., 1], few[name][..., 2])
    assert np.all(np.diff(pt, axis=1) <= 0)
    n_used = np.count_nonzero(energy, axis=1)
    assert n_used.min() >= 3
    assert np.all((energy > 0) == (np.arange(200) < n_used[:, None]))
    assert np.all(few[name][energy == 0] == 0)


@pytest.mark.parametrize("name", EXPECTED_MASS)
def test_jets_that_hold_a_whole_decay_have_its_mass(few, name):
    mass = substructure.mass(few[name])
    assert np.mean(mass) == pytest.approx(EXPECTED_MASS[name], rel=0.15)
    assert np.std(mass) < 45


def test_a_four_quark_jet_has_more_constituents_than_a_w(few):
    counts = {name: substructure.n_constituents(few[name]).mean() for name in ("w", "heavy_resonance")}
    assert counts["heavy_resonance"] > 1.4 * counts["w"]


def test_gluon_jets_have_more_constituents_than_quark_jets(few):
    counts = {name: substructure.n_constituents(few[name]).mean() for name in ("quark", "gluon")}
    assert counts["gluon"] > 1.3 * counts["quark"]


def test_the_number_of_workers_changes_nothing(monkeypatch):
    monkeypatch.setattr(production, "JETS_PER_CHUNK", 8)
    alone, together = (jets("qcd", 20, seed=3, workers=workers) for workers in (1, 2))
    np.testing.assert_array_equal(alone, together)


def test_fewer_jets_are_the_first_of_more_and_seeds_differ(monkeypatch):
    monkeypatch.setattr(production, "JETS_PER_CHUNK", 8)
    more = jets("qcd", 12, seed=3, workers=1)
    np.testing.assert_array_equal(jets("qcd", 5, seed=3, workers=1), more[:5])
    assert not np.any(jets("qcd", 4, seed=4, workers=1)[:, 0] == more[:4, 0])
    assert len(np.unique(more[:, 0], axis=0)) == 12


def test_chunks_come_in_order_and_tell_what_they_cost(monkeypatch):
    monkeypatch.setattr(production, "JETS_PER_CHUNK", 8)
    chunks = list(iter_jets("qcd", 20, seed=3, workers=1))
    assert [len(chunk.constituents) for chunk in chunks] == [8, 8, 4]
    # One batch of 100 collisions is enough for 8 jets; a quarter of all QCD collisions is dropped before that.
    assert all(110 < chunk.n_tried < 180 for chunk in chunks)


def test_jets_of_another_pt():
    harder = jets("qcd", 30, seed=5, pt=(900, 1100), workers=1)
    pt, _, _ = pt_eta_phi(harder.sum(axis=1, dtype=np.float64))
    assert np.all((pt >= 899.99) & (pt <= 1100.01))
    assert pt.min() < 960  # the spectrum falls


def test_the_ranges_of_the_generator_follow_that_of_the_jets():
    # Twice the pt, twice the room on each side.
    twice = PROCESSES["qcd"].with_jets_of(1100, 1300)
    assert (twice.pt_hat, twice.shower_pt, twice.jet_pt) == ((900, 2000), (980, 1800), (1100, 1300))
    assert PROCESSES["dark_shower"].with_jets_of(550, 650) is PROCESSES["dark_shower"]


def test_soft_jets_are_from_collisions_that_are_softer_still():
    soft = PROCESSES["qcd"].with_jets_of(55, 65)
    assert (soft.pt_hat, soft.shower_pt) == ((45 - 8, 100), None)
    sample = jets("qcd", 20, seed=1, pt=(20, 30), workers=1)
    pt, _, _ = pt_eta_phi(sample.sum(axis=1, dtype=np.float64))
    assert np.all((pt >= 19.99) & (pt <= 30.01))


def test_a_process_of_your_own_is_simulated_at_its_own_beam_and_pt():
    top = PROCESSES["top"]
    own = dataclasses.replace(top, name="my tops", beam=Beam(13.6, multiparton=True), jet_pt=(600, 700))
    sample = jets(own, 20, seed=1, workers=1)
    pt, _, _ = pt_eta_phi(sample.sum(axis=1, dtype=np.float64))
    assert np.all((pt >= 599.99) & (pt <= 700.01))
    assert np.median(substructure.mass(sample)) == pytest.approx(180, abs=10)  # 173, and the underlying event
    np.testing.assert_array_equal(jets(top, 3, seed=1, workers=1), jets("top", 3, seed=1, workers=1))


def test_masses_fix_no_pt_but_that_nothing_is_found_is_said(monkeypatch):
    monkeypatch.setattr(production, "MOST_TRIED", 150)
    pt, _, _ = pt_eta_phi(
        jets("dark_shower", 3, seed=1, pt=(500, 600), workers=1).sum(axis=1, dtype=np.float64)
    )
    assert np.all((pt >= 499.99) & (pt <= 600.01))
    with pytest.raises(
        InputError, match=r"'dark_shower' gives no jets of 1500 to 1600 GeV.* none in [0-9]+ coll"
    ):
        jets("dark_shower", 1, seed=1, pt=(1500, 1600), workers=1)


def test_energy_and_underlying_event_are_options_and_no_wide_jet_is_dropped_early(monkeypatch):
    used = []
    monkeypatch.setattr(production, "collisions", lambda process, **_: used.append(process) or iter(()))
    with pytest.raises(IndexError):  # nothing is generated
        jets("qcd", 1, seed=1, energy=13.6, multiparton=True, workers=1)
    with pytest.raises(IndexError):
        jets("qcd", 1, seed=1, radius=1.2, workers=1)
    assert [process.beam for process in used] == [Beam(13.6, multiparton=True), Beam()]
    assert [process.shower_pt for process in used] == [PROCESSES["qcd"].shower_pt, None]


def test_the_radius_of_jets_is_that_of_the_truth_match():
    wide, narrow = (jets("top", 20, seed=1, radius=radius, workers=1) for radius in (1.0, 0.6))
    for sample, radius in ((wide, 1.0), (narrow, 0.6)):
        _, eta, phi = pt_eta_phi(sample.astype(np.float64))
        _, axis_eta, axis_phi = pt_eta_phi(sample.sum(axis=1, dtype=np.float64))
        distance = np.hypot(eta - axis_eta[:, None], wrap_angle(phi - axis_phi[:, None]))
        # Anti-kT jets are round, but for a neighbor or two at the edge.
        assert np.quantile(distance[sample[..., 0] > 0], 0.999) == pytest.approx(radius, abs=0.12)


def test_jets_may_lie_further_out():
    _, eta, _ = pt_eta_phi(jets("qcd", 60, seed=1, eta_max=0.5, workers=1).sum(axis=1, dtype=np.float64))
    assert np.all(np.abs(eta) < 0.5)


def test_most_of_the_pileup_is_taken_away(monkeypatch):
    few = pileup_library(5, n_collisions=100, detector=ATLAS)
    monkeypatch.setattr(production, "pileup_library", lambda *_, **__: few)
    clean, piled = (jets("qcd", 100, seed=2, pileup=pileup, workers=1) for pileup in (0.0, 60.0))
    # Without PUPPI masses double and particles are four times as many.
    mass = [substructure.mass(sample).mean() for sample in (clean, piled)]
    n_particles = [substructure.n_constituents(sample).mean() for sample in (clean, piled)]
    assert not np.array_equal(clean, piled)
    assert mass[1] == pytest.approx(mass[0], rel=0.2)
    assert n_particles[1] == pytest.approx(n_particles[0], rel=0.2)


def test_the_detector_matters():
    found = [jets("qcd", 3, seed=3, workers=1, detector=card) for card in (ATLAS, ATLAS_FINE, CMS)]
    assert not any(np.array_equal(first, second) for first, second in combinations(found, 2))


def test_the_generator_is_silent_and_the_bar_is_on_standard_error(capfd):
    jets("qcd", 2, seed=3, workers=1)
    assert capfd.readouterr() == ("", "")
    jets("qcd", 2, seed=3, workers=1, progress=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert "2/2" in err
    assert "collisions/s" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"process": "tpo"},
            r"Unknown process. Did you mean 'top'\? Expected: one of qcd, top.* Received: 'tpo'",
        ),
        ({"n_jets": 0}, "n_jets is not a valid count. Expected: an integer >= 1. Received: 0"),
        ({"n_jets": 2.5}, "n_jets .* Received: 2.5"),
        ({"seed": -1}, "seed .* Expected: an integer >= 0. Received: -1"),
        ({"workers": 0}, "workers .* Received: 0"),
        ({"pt": (650, 550)}, "Wrong range of pt. Expected: .* 20 to 2000 GeV. Received: 650 to 550"),
        ({"pt": (0.5, 0.6)}, "Wrong range of pt.* Received: 0.5 to 0.6"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(arguments, said):
    with pytest.raises(InputError, match=said) as error:
        jets(**({"process": "qcd", "n_jets": 1, "seed": 1} | arguments))
    assert "\n" not in str(error.value)


def test_without_pythia_the_error_says_how_to_install_it(monkeypatch):
    ordinary_import = builtins.__import__

    def without_pythia(name, *args, **kwargs):
        if name == "pythia8mc":
            raise ImportError(name)
        return ordinary_import(name, *args, **kwargs)

    for module in (
        "offshell.simulate.generator.pythia",
        "offshell.simulate.generator.truth",
        "offshell.simulate.large_radius.production",
    ):
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without_pythia)
    with pytest.raises(MissingDependencyError, match=r"pip install 'offshell\[simulate\]'"):
        importlib.import_module("offshell.simulate.large_radius.production")


def test_the_package_names_what_it_has():
    for name in simulate.__all__:
        assert getattr(simulate, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = simulate.no_such_name
