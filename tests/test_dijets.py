"""From a process to pairs of jets: the selection, masses, seeds, options, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs import substructure
from offshell.inputs.dijets import constituents_of, two_hardest
from offshell.inputs.momenta import dijet_mass, pt_eta_phi
from offshell.simulate import (
    ATLAS,
    DIJET_PROCESSES,
    Beam,
    Process,
    dijet_resonance,
    dijets,
    iter_dijets,
    xy_resonance,
)
from offshell.simulate.dijets import production
from offshell.simulate.dijets.processes import qcd_dijets
from offshell.simulate.dijets.selection import DijetSelection
from offshell.simulate.generator.pythia import OUTGOING, collisions
from offshell.simulate.shares import Share

# Of the lighter jet in GeV, known from the particles.
MASSES = {"xy": 100, "wz": 80, "tt": 173, "hh": 125}
N_EVENTS = 40


@pytest.fixture(scope="module")
def few():
    """Some events of every process."""
    return {name: dijets(name, N_EVENTS, seed=7, workers=1) for name in DIJET_PROCESSES}


def massless(pt, eta, phi):
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)


def test_two_jets_back_to_back_have_the_mass_of_the_textbook():
    # m^2 = 2 pt1 pt2 (cosh(eta1 - eta2) - cos(phi1 - phi2)) for massless jets.
    pt, eta = np.array([[1500.0, 1400.0]]), np.array([[0.7, -0.9]])
    jets = massless(pt, eta, np.array([[0.3, 0.3 + np.pi]]))
    expected = np.sqrt(2 * 1500 * 1400 * (np.cosh(1.6) + 1))
    np.testing.assert_allclose(dijet_mass(jets), expected, rtol=1e-12)


def test_the_two_hardest_of_three_clusters_are_found_in_the_order_of_their_pt():
    rng = np.random.default_rng(1)
    pt = np.repeat([30.0, 100.0, 60.0], 10)
    phi = np.repeat([0.0, 2.0, -2.0], 10) + rng.normal(0, 0.05, 30)
    event = massless(pt, rng.normal(0, 0.05, 30), phi)
    lonely = event[:10]
    order = rng.permutation(30)
    found = two_hardest(np.concatenate([lonely, event[order]]), np.array([10, 30]), radius=1.0)
    assert found.event.tolist() == [1]  # the first event has one jet only
    np.testing.assert_allclose(found.momentum[0], [event[10:20].sum(axis=0), event[20:].sum(axis=0)])
    constituents = constituents_of(found, np.concatenate([lonely, event[order]]), n_particles=12)
    assert constituents.shape == (1, 2, 12, 4)
    np.testing.assert_allclose(constituents.sum(axis=2), found.momentum, rtol=1e-5)
    assert np.all(constituents[:, :, 10:] == 0)


@pytest.mark.parametrize("name", DIJET_PROCESSES)
def test_events_of_every_process_are_what_was_asked_for(few, name):
    found = few[name]
    assert found.constituents.shape == (N_EVENTS, 2, 200, 4)
    assert all(column.dtype == np.float32 for column in (found.constituents, found.jets, found.m_jj))
    pt, eta, _ = pt_eta_phi(found.jets)
    assert np.all(pt[:, 0] > 1199.99)
    assert np.all(pt[:, 0] >= pt[:, 1])
    assert np.all(np.abs(eta) < 2.5)
    assert np.all(found.m_jj > 2499.99)
    np.testing.assert_allclose(found.m_jj, dijet_mass(found.jets), rtol=1e-5)
    assert np.all(found.label == (name != "qcd"))
    assert np.all(found.weight == 1)


@pytest.mark.parametrize("name", DIJET_PROCESSES)
def test_constituents_are_those_of_the_jets_by_falling_pt(few, name):
    constituents = few[name].constituents
    pt, _, _ = pt_eta_phi(constituents)
    assert np.all(np.diff(pt, axis=-1) <= 0)
    is_whole = constituents[:, :, -1, 0] == 0
    np.testing.assert_allclose(
        constituents.sum(axis=2, dtype=np.float64)[is_whole], few[name].jets[is_whole], rtol=1e-5, atol=0.01
    )


@pytest.mark.parametrize("name", MASSES)
def test_jets_have_the_masses_of_the_particles_and_pairs_that_of_the_resonance(few, name):
    found = few[name]
    mass = np.sort(substructure.mass(found.constituents.reshape(-1, 200, 4)).reshape(-1, 2), axis=1)
    # Radiation only adds, to the heavier jet much: the median of the lighter is 3 to 12 % above the particle.
    assert 0.9 < np.median(mass[:, 0]) / MASSES[name] < 1.25
    if name == "xy":
        assert np.median(mass[:, 1]) == pytest.approx(500, rel=0.05)
    # The width of the pair is 5 to 10 %, mostly from radiation, so that 40 events tell the median to 2 %.
    assert np.median(found.m_jj) == pytest.approx(3500, rel=0.05)


def test_the_spectrum_of_qcd_falls_from_its_threshold(few):
    assert np.median(few["qcd"].m_jj) < 3200
    assert few["qcd"].m_jj.min() < 2560
    assert np.all(few["qcd"].pt_hat > 750)


def test_three_prongs_are_three_quarks_of_each():
    batch = next(collisions(xy_resonance(prongs=3), seed=1))
    quarks = (np.abs(batch.status) == OUTGOING) & (np.abs(batch.particles.pdg_id) <= 5)
    assert np.all(np.bincount(batch.particles.event, quarks, len(batch.weight)) == 6)


def test_masses_are_options():
    found = dijets(xy_resonance(mass=3000, daughters=(300, 200)), 60, seed=1, m_jj_min=0, workers=1)
    mass = np.sort(substructure.mass(found.constituents.reshape(-1, 200, 4)).reshape(-1, 2), axis=1)
    assert np.median(found.m_jj) == pytest.approx(3000, rel=0.05)
    assert np.median(mass, axis=0) == pytest.approx([200, 300], rel=0.1)
    assert "32:m0 = 2000" in dijet_resonance("tt", mass=2000).settings


def test_where_qcd_begins_follows_from_the_thresholds():
    process = qcd_dijets(pt_min=600, m_jj_min=1300)
    assert process.settings[1:] == ("PhaseSpace:pTHatMin = 375", "PhaseSpace:mHatMin = 845")
    assert process.shower_pt == (510, np.inf)
    found = dijets("qcd", 20, seed=1, pt_min=600, m_jj_min=1300, workers=1)
    assert found.m_jj.min() < 1500
    assert np.all(found.jets[:, 0, 0] > 600)


def test_the_selection_keeps_what_it_says():
    pt, eta = np.array([[1300.0, 1250.0]] * 4), np.zeros((4, 2))
    pt[0], eta[1], eta[2] = (1150.0, 1100.0), (0.0, 2.6), (0.9, -0.9)
    jets = massless(pt, eta, np.array([[0.0, np.pi]] * 4))
    assert DijetSelection().accepts(jets).tolist() == [False, False, True, True]
    assert DijetSelection(m_jj_min=3000).accepts(jets).tolist() == [False, False, True, False]


def test_the_number_of_workers_changes_nothing_and_fewer_are_the_first_of_more(monkeypatch):
    monkeypatch.setattr(production, "EVENTS_PER_CHUNK", 10)
    one, two = (dijets("xy", 20, seed=3, workers=workers) for workers in (1, 2))
    np.testing.assert_array_equal(one.constituents, two.constituents)
    np.testing.assert_array_equal(dijets("xy", 14, seed=3, workers=1).m_jj, one.m_jj[:14])
    assert len(np.unique(one.m_jj)) == 20
    assert not np.any(np.isin(dijets("xy", 10, seed=4, workers=1).m_jj, one.m_jj))
    chunks = list(iter_dijets("xy", 14, seed=3, workers=1))
    assert [len(chunk) for chunk in chunks] == [10, 4]
    assert all(chunk.n_tried == 100 for chunk in chunks)


def test_radius_beam_and_detector_are_options(monkeypatch):
    wide, narrow, other = (
        dijets("xy", 30, seed=1, workers=1, **options)
        for options in ({}, {"radius": 0.8}, {"detector": ATLAS})
    )
    mass = [np.median(dijet_mass(found.jets)) for found in (wide, narrow)]
    assert mass[1] < mass[0]
    assert not np.any(np.isin(other.m_jj, wide.m_jj))
    used = []
    monkeypatch.setattr(production, "collisions", lambda process, **_: used.append(process) or iter(()))
    for options in ({}, {"energy": 13.6, "multiparton": True, "radius": 1.2}):
        with pytest.raises(ValueError, match="at least one array"):  # nothing is generated
            dijets("qcd", 1, seed=1, workers=1, **options)
    assert [process.beam for process in used] == [Beam(13), Beam(13.6, multiparton=True)]
    assert [process.shower_pt for process in used] == [(1020, np.inf), None]


def test_a_process_without_such_pairs_is_given_up(monkeypatch):
    monkeypatch.setattr(production, "MOST_TRIED", 150)
    soft = Process("soft", settings=("HardQCD:all = on", "PhaseSpace:pTHatMin = 100"), beam=Beam(13))
    said = "'soft' gives no pairs of jets of 2500 GeV, the first with 1200. .* none in 200 collisions"
    with pytest.raises(InputError, match=said):
        production.simulate_dijet_chunk(soft, Share(1, np.random.SeedSequence(1), 1), DijetSelection())


def test_weights_of_the_generator_are_kept():
    bias = (
        "PhaseSpace:bias2Selection = on",
        "PhaseSpace:bias2SelectionPow = 4",
        "PhaseSpace:bias2SelectionRef = 1200",
    )
    biased = replace(qcd_dijets(), settings=(*qcd_dijets().settings, *bias))
    found = dijets(biased, 20, seed=1, workers=1)
    np.testing.assert_allclose(found.weight, (1200 / found.pt_hat) ** 4, rtol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"process": "qdc"}, r"Did you mean 'qcd'\? Expected: one of qcd, xy, wz, tt, hh. Received: 'qdc'"),
        ({"n_events": 0}, "n_events is not a valid count. Expected: an integer >= 1. Received: 0"),
        ({"n_events": None}, "n_events is not a valid count.* Received: None"),
        ({"radius": 3.0}, r"radius is out of range. Expected: 0.1 to 2. Received: 3\.0"),
        ({"pt_min": 1.2}, r"pt_min is out of range. Expected: 50 to 50000. Received: 1\.2"),
        ({"m_jj_min": -1.0}, r"m_jj_min is out of range.* Received: -1\.0"),
        ({"eta_max": 9.0}, r"eta_max is out of range.* Received: 9\.0"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(arguments, said):
    with pytest.raises(InputError, match=said) as error:
        dijets(**({"process": "qcd", "n_events": 1, "seed": 1} | arguments))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: xy_resonance(prongs=4), "Wrong number of prongs. Expected: 2 or 3. Received: 4"),
        (lambda: xy_resonance(daughters=(3000, 600)), "20 GeV each at least, below 3500 together. Received: 3000"),
        (lambda: xy_resonance(daughters=(5, 100)), "Received: 5 and 100"),
        (lambda: xy_resonance(mass=3.5, daughters=(0.5, 0.1)), "Wrong masses of daughters"),
        (lambda: dijet_resonance("hh", mass=300), "mass is out of range. Expected: 500 to 10000 GeV. Received: 300"),
        (lambda: dijet_resonance("xx"), "Expected: one of wz, tt, hh. Received: 'xx'"),
    ],
)  # fmt: skip
def test_impossible_resonances_are_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
