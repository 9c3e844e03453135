"""Decays conserve momentum and fill phase space evenly."""

import numpy as np
import pytest
from scipy import stats

from offshell.pseudo_anomalies.partons import invariant_mass
from offshell.pseudo_anomalies.phase_space import boosted, massless_bodies, phase_space

LEAST_P = 1e-3  # of a test of a distribution; the numbers are the same on each day


def bodies(n, rng, *, n_bodies, mass=80.0):
    return massless_bodies(np.full(n, n_bodies), np.full(n, mass), rng)


def test_bodies_add_up_to_the_mass_at_rest_and_are_massless(rng):
    n_bodies, mass = rng.integers(2, 9, 500), rng.uniform(1, 300, 500)
    momenta = massless_bodies(n_bodies, mass, rng)
    np.testing.assert_allclose(momenta[..., 0].sum(axis=1), mass, rtol=1e-12)
    np.testing.assert_allclose(momenta[..., 1:].sum(axis=1) / mass[:, None], 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(momenta[..., 1:], axis=2), momenta[..., 0], atol=1e-12 * 300)
    np.testing.assert_array_equal((momenta[..., 0] > 0).sum(axis=1), n_bodies)


def test_two_bodies_share_the_mass_and_favor_no_direction(rng):
    first = bodies(4000, rng, n_bodies=2)[:, 0]
    np.testing.assert_allclose(first[:, 0], 40, rtol=1e-9)  # two that are drawn nearly parallel lose digits
    for component in first[:, 1:].T:
        assert stats.kstest(component / 40, stats.uniform(-1, 2).cdf).pvalue > LEAST_P


def test_three_bodies_fill_the_dalitz_plot_evenly(rng):
    # Of x = 2 E / M two are independent; the plot is the triangle x1 < 1, x2 < 1, x1 + x2 > 1.
    x1, x2, _ = (2 * bodies(4000, rng, n_bodies=3)[..., 0] / 80).T
    assert stats.kstest(x1**2, stats.uniform.cdf).pvalue > LEAST_P
    assert stats.kstest((x2 - (1 - x1)) / x1, stats.uniform.cdf).pvalue > LEAST_P


@pytest.mark.parametrize("n_bodies", [4, 6, 12])
def test_energies_of_many_bodies_are_those_of_phase_space(n_bodies, rng):
    # d^3p / 2E goes with x dx, and the phase space of the other N - 1 bodies with (1 - x)^(N - 3).
    x = 2 * bodies(4000, rng, n_bodies=n_bodies)[:, 1, 0] / 80
    assert stats.kstest(x, stats.beta(2, n_bodies - 2).cdf).pvalue > LEAST_P


def test_a_boost_gives_what_was_at_rest_its_velocity_and_leaves_masses_alone():
    velocity = np.array([[[3.0, 0, 4.0]]])
    momenta = np.array([[[2.0, 0, 0, 0], [5.0, 3.0, 4.0, 0]]])
    at_rest, light = boosted(momenta, velocity)[0]
    np.testing.assert_allclose(at_rest, [2 * np.sqrt(26), 6, 0, 8], rtol=1e-12)
    assert light[0] == pytest.approx(np.linalg.norm(light[1:]), rel=1e-12)
    np.testing.assert_allclose(boosted(boosted(momenta, velocity), -velocity), momenta, atol=1e-12)


def test_partons_have_the_mass_and_the_pt_of_what_decays(rng):
    mass, pt = rng.uniform(30, 350, 300), rng.uniform(550, 650, 300)
    partons = phase_space(rng.integers(2, 5, 300), mass, pt, rng)
    np.testing.assert_allclose(invariant_mass(partons), mass, rtol=1e-9)
    np.testing.assert_allclose((partons[..., 0] * np.cos(partons[..., 2])).sum(axis=1), pt, rtol=1e-12)
    np.testing.assert_allclose((partons[..., 0] * np.sinh(partons[..., 1])).sum(axis=1) / pt, 0, atol=1e-12)
