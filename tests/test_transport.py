"""The energy mover's distance by hand, as a metric, and against energyflow."""

import importlib
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offshell.errors import InputError, MissingDependencyError
from offshell.evaluate.description.transport import distance_to_nearest, energy_movers_distance
from offshell.inputs import clouds


def toy_clouds(n_jets, n_particles=10, seed=1):
    """Clouds in relative coordinates, the last particles of each are padding."""
    rng = np.random.default_rng(seed)
    eta, phi = rng.normal(0, 0.2, (2, n_jets, n_particles))
    pt = rng.exponential(1 / n_particles, (n_jets, n_particles))
    present = np.arange(n_particles) < rng.integers(1, n_particles, (n_jets, 1))
    return np.stack([eta, phi, pt, np.ones_like(pt)], axis=-1) * present[..., np.newaxis]


def one(*particles):
    """A jet of particles given as eta, phi, pt."""
    return np.array([[(*particle, 1) for particle in particles]], dtype=np.float64)


def test_one_particle_moves_straight():
    moved = energy_movers_distance(one((0, 0, 0.5)), one((0.3, -0.4, 0.5)), radius=0.8)
    assert moved == pytest.approx(0.5 * 0.5 / 0.8)


def test_what_is_missing_costs_its_pt():
    jet = one((0.1, 0, 0.7), (0, 0.2, 0.3))
    assert energy_movers_distance(jet, one((0.1, 0, 0.7))) == pytest.approx(0.3)
    assert energy_movers_distance(np.zeros_like(jet), jet) == pytest.approx(1.0)
    assert energy_movers_distance(np.zeros_like(jet), np.zeros_like(jet)) == 0


def test_a_split_particle_is_near_the_whole_one():
    split = one((0.01, 0, 0.5), (-0.01, 0, 0.5))
    assert energy_movers_distance(one((0, 0, 1)), split, radius=1.0) == pytest.approx(0.01)


def test_the_azimuth_has_no_seam():
    assert energy_movers_distance(one((0, 3.1, 1)), one((0, -3.1, 1)), radius=1.0) == pytest.approx(
        2 * np.pi - 6.2
    )


@given(st.integers(0, 1000))
@settings(max_examples=settings.default.max_examples // 5)
def test_it_is_a_metric(seed):
    first, second, third = (toy_clouds(3, seed=seed + i) for i in (0, 1, 2))
    there, back = energy_movers_distance(first, second), energy_movers_distance(second, first)
    np.testing.assert_allclose(there, back, atol=1e-12)
    np.testing.assert_allclose(energy_movers_distance(first, first[:, ::-1]), 0, atol=1e-12)
    detour = energy_movers_distance(first, third) + energy_movers_distance(third, second)
    assert (there <= detour + 1e-12).all()


def test_every_layout_gives_the_same_distance():
    x, x_hat = toy_clouds(5), toy_clouds(5, n_particles=7, seed=2)
    p, p_hat = clouds.momenta(x), clouds.momenta(x_hat)
    four = np.concatenate([p[..., :1], p, p[..., :1]], axis=-1)
    expected = energy_movers_distance(x, x_hat)
    np.testing.assert_allclose(energy_movers_distance(p, p_hat), expected)
    np.testing.assert_allclose(energy_movers_distance(four, p_hat), expected)


def test_it_agrees_with_energyflow():
    # energyflow 1.4.0 with wasserstein 1.1.0, which needs NumPy 1: energyflow.emd.emd(first, second, R=0.8, norm=False)
    # with pt, eta, phi of the particles that are there.
    expected = [0.3377259673, 0.8536818184, 1.1296036524, 0.8722187204, 0.5954768531, 0.1397676405]
    found = energy_movers_distance(toy_clouds(6, seed=3), toy_clouds(6, seed=4))
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_the_nearest_reference_decides():
    jets = toy_clouds(4)
    references = np.concatenate([jets[1:3, ::-1], toy_clouds(1, seed=2)])
    every = [energy_movers_distance(jets, references[[i] * 4]) for i in range(3)]
    found = distance_to_nearest(jets, references)
    np.testing.assert_allclose(found, np.min(every, axis=0))
    np.testing.assert_allclose(found[1:3], 0, atol=1e-12)
    with pytest.raises(InputError, match="No reference jets"):
        distance_to_nearest(jets, references[:0])


@pytest.mark.parametrize(
    ("x", "x_hat", "options", "said"),
    [
        (toy_clouds(3), toy_clouds(2), {}, "Received: 3 and 2"),
        (toy_clouds(3), toy_clouds(3), {"radius": 0}, "radius=0"),
        (toy_clouds(3), toy_clouds(3) * np.nan, {}, "3 clouds with NaN or inf"),
        (toy_clouds(3), toy_clouds(3)[..., :2], {}, r"Received: shape \(3, 10, 2\)"),
    ],
)
def test_what_cannot_be_compared_is_refused(x, x_hat, options, said):
    with pytest.raises(InputError, match=said):
        energy_movers_distance(x, x_hat, **options)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ot", None)
    monkeypatch.delitem(sys.modules, "offshell.evaluate.description.transport")
    with pytest.raises(MissingDependencyError, match=r"pip install 'offshell\[clouds\]'"):
        importlib.import_module("offshell.evaluate.description.transport")
