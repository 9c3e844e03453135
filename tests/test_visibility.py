"""Stable particles of new physics are seen, not seen or refused, as the process says."""

import dataclasses

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.simulate import Process, dark_shower, jets
from offshell.simulate.generator.particles import Particles
from offshell.simulate.generator.pythia import collisions
from offshell.simulate.generator.records import Collisions
from offshell.simulate.generator.visibility import with_visibility

DARK, NEUTRALINO, GRAVITINO, DEUTERON = 4900211, 1000022, 1000039, 1000010020


def one_event(*codes, status=1):
    n = len(codes)
    particles = Particles(np.zeros(n, int), np.array(codes), np.ones((n, 4)), np.zeros((n, 3)))
    return Collisions(1, np.ones(1), np.ones(1), np.full(n, status), np.arange(n), particles)


def test_an_unknown_stable_particle_is_refused_with_its_code():
    with pytest.raises(InputError, match=r"Process 'mine'.*Received: 1000039, 4900211 in neither") as error:
        with_visibility(one_event(211, -DARK, GRAVITINO), Process("mine"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("code", "is_new"), [(25, False), (32, True), (80, True), (81, False), (1_000_001, True)]
)
def test_what_is_new_by_its_code(code, is_new):
    batch = one_event(code)
    if is_new:
        with pytest.raises(InputError, match=f"Received: {code} in neither"):
            with_visibility(batch, Process("mine"))
    else:
        assert len(with_visibility(batch, Process("mine")).final) == 1


def test_what_is_invisible_is_gone_and_what_is_visible_stays():
    batch = one_event(211, DARK, -DARK, GRAVITINO)
    found = with_visibility(batch, Process("mine", invisible=(DARK,), visible=(GRAVITINO,)))
    assert found.final.pdg_id.tolist() == [211, GRAVITINO]
    assert len(found.particles) == 4  # the record keeps all


def test_ordinary_particles_neutralinos_and_those_that_decayed_need_no_word():
    ordinary = (211, -13, 12, 130, 3122, 22, NEUTRALINO, 51, DEUTERON)
    assert with_visibility(one_event(*ordinary), Process("mine")).final.pdg_id.tolist() == [*ordinary]
    assert len(with_visibility(one_event(DARK, 4900101, status=-2), Process("mine")).final) == 0


def stable_mesons(**said):
    """A dark shower whose mesons do not decay."""
    process = dark_shower()
    stable = tuple(f"{code}:mayDecay = off" for code in (4900111, 4900113, 4900211, 4900213))
    return dataclasses.replace(process, name="stable", settings=(*process.settings, *stable), **said)


def test_a_stable_dark_meson_is_no_jet_unless_the_process_says_so():
    with pytest.raises(InputError, match=r"Process 'stable' has stable particles .* 4900211"):
        jets(stable_mesons(), 1, seed=1, workers=1)
    mesons = (4900111, 4900113, 4900211, 4900213)
    hidden, seen = (
        next(collisions(stable_mesons(**{said: mesons}), seed=1)) for said in ("invisible", "visible")
    )
    assert not np.isin(np.abs(hidden.final.pdg_id), mesons).any()
    assert np.isin(np.abs(seen.final.pdg_id), mesons).sum() > 200  # several in each of 100 collisions
