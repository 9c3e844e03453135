"""From a process to events: the selection, the mixture, the seeds, the workers, the black box, and what is refused."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.simulate import EVENT_PROCESSES, events, unblinded
from offshell.simulate.generator.processes.of_events import MIXTURE
from offshell.simulate.level1 import production as event_production
from offshell.simulate.level1.composition import EVENTS_PER_CHUNK, SIGNALS, chunk_names
from offshell.simulate.level1.production import simulate_event_chunk

N_EVENTS = 30


@pytest.fixture(scope="module")
def few():
    """Some events of every process, without pile-up."""
    return {name: events(name, N_EVENTS, seed=3, pileup=0, workers=1) for name in EVENT_PROCESSES}


@pytest.mark.parametrize("name", EVENT_PROCESSES)
def test_events_of_every_process_are_what_was_asked_for(few, name):
    sample = few[name]
    assert sample.shape == (N_EVENTS, 19, 4)
    assert sample.dtype == np.float32
    assert np.all(sample[:, 1:9, 0].max(axis=1) > 23)
    expected = np.repeat([1, 2, 3, 4], [1, 4, 4, 10])
    classes = sample[..., 3]
    assert np.all((classes == expected) | (classes == 0))
    assert np.all(sample[classes == 0] == 0)
    assert np.all((sample[..., 0] > 0) == (classes > 0))


@pytest.mark.parametrize("name", EVENT_PROCESSES)
def test_objects_lie_inside_the_acceptance_by_falling_pt(few, name):
    sample = few[name]
    for rows, eta_max, pt_min in (
        (slice(1, 5), 3.0, 4.0),
        (slice(5, 9), 2.1, 3.0),
        (slice(9, 19), 4.0, 15.0),
    ):
        pt, eta = sample[:, rows, 0], sample[:, rows, 1]
        assert np.all(np.diff(pt, axis=1) <= 0)
        assert np.all(np.abs(eta) < eta_max)
        assert np.all((pt == 0) | (pt > pt_min))
    assert np.all(np.abs(sample[..., 2]) <= np.float32(np.pi))
    assert np.all(sample[:, 0, 1] == 0)


def test_two_leptons_of_a_z_have_its_mass():
    sample = events("z-ll", 150, seed=5, pileup=0, workers=1)
    masses = []
    for group in (sample[:, 1:5], sample[:, 5:9]):
        pt, eta, phi = np.moveaxis(group[group[:, 1, 0] > 0, :2, :3], -1, 0)
        squared = 2 * pt[:, 0] * pt[:, 1] * (np.cosh(eta[:, 0] - eta[:, 1]) - np.cos(phi[:, 0] - phi[:, 1]))
        masses.append(np.sqrt(squared))
    assert np.median(np.concatenate(masses)) == pytest.approx(91, abs=1.5)


def test_w_events_have_a_neutrino_against_the_lepton():
    sample = events("w-lnu", 150, seed=5, pileup=0, workers=1)
    lepton = np.where(sample[:, 1, :1] > sample[:, 5, :1], sample[:, 1], sample[:, 5])
    mass = np.sqrt(2 * sample[:, 0, 0] * lepton[:, 0] * (1 - np.cos(sample[:, 0, 2] - lepton[:, 2])))
    assert 60 < np.median(mass) < 82  # the transverse mass ends at 80 GeV and is smeared beyond


def test_the_number_of_workers_changes_nothing_and_fewer_are_the_first_of_more(monkeypatch):
    monkeypatch.setattr(event_production, "EVENTS_PER_CHUNK", 20)
    one, two = (events("z-ll", 40, seed=2, pileup=0, workers=workers) for workers in (1, 2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(events("z-ll", 25, seed=2, pileup=0, workers=1), one[:25])
    assert not np.array_equal(one[:20], one[20:40])
    assert not np.array_equal(events("z-ll", 20, seed=3, pileup=0, workers=1), one[:20])


def test_every_chunk_of_the_background_has_the_shares_of_the_challenge():
    names = chunk_names("background", 1, 0)
    assert len(names) == EVENTS_PER_CHUNK
    shares = {name: names.count(name) / EVENTS_PER_CHUNK for name in MIXTURE}
    assert shares == pytest.approx(dict(MIXTURE))
    assert sum(MIXTURE.values()) == pytest.approx(1)
    first = [names[:400].count(name) for name in MIXTURE]
    np.testing.assert_allclose(first, 400 * np.array(list(MIXTURE.values())), atol=3 * np.sqrt(100))
    assert chunk_names("background", 1, 1) != names


def test_the_codes_tell_the_process_and_parents_are_shared_by_multijets_only():
    chunk = simulate_event_chunk("background", 120, 4, 0, 0.0)
    codes = {process.code: name for name, process in EVENT_PROCESSES.items()}
    assert [codes[code] for code in chunk.process] == chunk_names("background", 4, 0)[:120]
    multijet = chunk.process == EVENT_PROCESSES["qcd-lepton"].code
    _, count = np.unique(chunk.parent[~multijet], return_counts=True)
    assert count.max() == 1
    assert len(np.unique(chunk.parent[multijet])) < np.count_nonzero(multijet)
    assert not np.intersect1d(chunk.parent[multijet], chunk.parent[~multijet]).size
    # Numbered as they come, so that a number does not give the process away.
    _, first = np.unique(chunk.parent, return_index=True)
    assert np.all(np.diff(first) > 0)
    assert chunk.n_tried > len(chunk) == 120


@pytest.fixture
def small_library(monkeypatch):
    whole = event_production.pileup_library
    monkeypatch.setattr(event_production, "pileup_library", lambda seed: whole(seed, n_collisions=100))


@pytest.mark.usefixtures("small_library")
def test_pile_up_is_there_and_is_suppressed():
    quiet, busy = (events("z-ll", 100, seed=6, pileup=mean, workers=1) for mean in (0, 60))
    assert not np.array_equal(quiet, busy)
    # Sixty collisions have a missing momentum of their own of some 25 GeV; what is left of it adds to 9 GeV unseen.
    assert np.median(busy[:, 0, 0]) == pytest.approx(np.median(quiet[:, 0, 0]), rel=0.35)


def test_a_black_box_tells_nothing_but_its_organizer_can_ask():
    answer = unblinded(8, 9000)
    assert answer.signal in SIGNALS
    assert 0.002 <= answer.share <= 0.02
    assert len(answer.is_signal) == 9000
    assert answer.is_signal[:4000].mean() == pytest.approx(answer.share, abs=1 / 4000)
    assert chunk_names("black-box", 8, 0).count(answer.signal) == answer.is_signal[:4000].sum()


def test_black_boxes_differ_in_signal_and_share():
    answers = [unblinded(seed, 1) for seed in range(40)]
    assert {answer.signal for answer in answers} == set(SIGNALS)
    assert len({answer.share for answer in answers}) == 40


def test_the_events_of_a_black_box_have_no_process(monkeypatch):
    monkeypatch.setattr(event_production, "chunk_names", lambda *_: ["z-ll", "w-lnu"] * 10)
    chunk = simulate_event_chunk("black-box", 20, 8, 0, 0.0)
    assert np.all(chunk.process == -1)
    assert len(chunk) == 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"process": "qcd-lepto"}, "Unknown process. Did you mean 'qcd-lepton'"),
        ({"n_events": 0}, "n_events is not a valid count. Expected: an integer >= 1. Received: 0."),
        ({"seed": -1}, "seed is not a valid count"),
        ({"seed": 1.5}, "seed is not a valid count"),
        ({"workers": 0}, "workers is not a valid count"),
        ({"pileup": -1.0}, "pileup is not a mean number of collisions"),
        ({"pileup": float("nan")}, "pileup is not a mean number of collisions"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(arguments, message):
    with pytest.raises(InputError, match=message):
        events(**{"process": "z-ll", "n_events": 1, "seed": 1} | arguments)
