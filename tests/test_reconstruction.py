"""Matching and relative errors on clouds whose answer is known."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.evaluate.description.reconstruction import (
    compression_rate,
    matched,
    matching_distance,
    reconstruction,
)
from offshell.inputs import clouds
from offshell.models.terms.clouds import momenta


def toy_clouds(n_jets, n_particles=12, n_padding=3, seed=1):
    """Clouds in relative coordinates whose particles are far apart."""
    rng = np.random.default_rng(seed)
    eta, phi = rng.uniform(0.1, 0.5, (2, n_jets, n_particles)) * rng.choice([-1, 1], (2, n_jets, n_particles))
    pt = -np.sort(-rng.uniform(0.5, 1, (n_jets, n_particles)))
    cloud = np.stack([eta, phi, pt / pt.sum(axis=1, keepdims=True), np.ones_like(pt)], axis=-1)
    cloud[:, n_particles - n_padding :] = 0
    return cloud


def shuffled(cloud, seed=2):
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(cloud.shape[1]), (len(cloud), 1)), axis=1)
    return np.take_along_axis(cloud, order[..., np.newaxis], axis=1)


# Matching


def test_a_shuffled_and_noised_copy_is_put_in_order_again(rng):
    # The public code for LGAE indexes with the inverse permutation, which gives an error of 5.58 here, not 3e-4.
    p = rng.normal(0, 1, (50, 30, 3))
    copy = shuffled(p + rng.normal(0, 0.01, p.shape))
    assert np.square(matched(p, copy) - p).sum(axis=-1).mean() == pytest.approx(3e-4, rel=0.1)


def test_every_jet_has_a_matching_of_its_own():
    cloud = toy_clouds(40)
    p = clouds.momenta(cloud)
    np.testing.assert_array_equal(matched(cloud, shuffled(cloud)), p)
    np.testing.assert_array_equal(matching_distance(cloud, shuffled(cloud)), 0)


@given(st.integers(0, 1000))
def test_the_distance_is_the_smallest_of_all_permutations(seed):
    p, p_hat = np.random.default_rng(seed).normal(size=(2, 1, 5, 3))
    every = [np.linalg.norm(p - p_hat[:, list(order)], axis=-1).sum() for order in permutations(range(5))]
    assert matching_distance(p, p_hat)[0] == pytest.approx(min(every))


def test_a_missing_particle_is_as_far_as_its_momentum():
    cloud = toy_clouds(3)
    without = cloud.copy()
    without[:, 4] = 0
    expected = np.linalg.norm(clouds.momenta(cloud)[:, 4], axis=-1)
    np.testing.assert_allclose(matching_distance(cloud, without), expected)


def test_momenta_are_those_of_the_terms():
    cloud = toy_clouds(5).astype(np.float32)
    cloud[0, 0, 2] *= -1  # a decoder may
    np.testing.assert_allclose(clouds.momenta(cloud), np.asarray(momenta(cloud)), atol=1e-7)


# Relative errors


def test_a_perfect_reconstruction_has_no_errors():
    cloud = toy_clouds(20)
    found = reconstruction(cloud, shuffled(cloud))
    assert (found["n_jets"], found["n_particles"]) == (20, 180)
    for errors in (*found["particles"].values(), *found["jets"].values()):
        assert all(value == pytest.approx(0, abs=1e-12) for value in errors.values())


def test_relative_errors_are_those_that_were_put_in(rng):
    # So small that each particle is matched to itself.
    factors = np.array([1.0, 1.001, 1.002, 1.004])
    cloud = np.concatenate([toy_clouds(400, n_particles=8, n_padding=0)] * 2)
    changed = cloud.copy()
    changed[..., 0] *= 0.99
    changed[..., 1] *= 1.01
    changed[..., 2] *= rng.permuted(np.tile(factors, (800, 2)), axis=1)
    found = reconstruction(cloud, shuffled(changed))["particles"]
    assert found["eta"]["median"] == pytest.approx(-0.01)
    assert found["phi"]["median"] == pytest.approx(0.01)
    assert found["pt"]["median"] == pytest.approx(0.0015)
    assert found["pt"]["iqr"] == pytest.approx(0.0025 - 0.00075)


def test_errors_of_jets_are_those_of_their_sums():
    cloud = toy_clouds(30)
    found = reconstruction(cloud, cloud * [1, 1, 1.25, 1])["jets"]
    assert found["mass"]["median"] == pytest.approx(0.25)
    assert found["pt"]["median"] == pytest.approx(0.25)
    assert found["mass"]["iqr"] == pytest.approx(0, abs=1e-12)


def test_the_mass_is_that_of_massless_particles():
    def pairs(angle):
        """Two equal particles at an angle to either side have a mass of twice the pt times its sine."""
        return np.tile([[0.0, angle, 0.5, 1], [0.0, -angle, 0.5, 1]], (10, 1, 1))

    slightly_off = np.array([1e-9, 0, 0, 0])  # an eta of zero has no relative error
    found = reconstruction(pairs(0.2) + slightly_off, pairs(0.3))["jets"]["mass"]["median"]
    assert found == pytest.approx(np.sin(0.3) / np.sin(0.2) - 1, rel=1e-6)


def test_the_azimuth_has_no_seam():
    cloud = toy_clouds(10, n_padding=0) * [1, 0, 1, 1] + np.array([0, 3.1, 0, 0])
    turned = cloud + np.array([0, 0.1, 0, 0])
    assert reconstruction(cloud, turned)["particles"]["phi"]["median"] == pytest.approx(0.1 / 3.1)


def test_a_lost_particle_has_an_error_of_minus_one():
    cloud = toy_clouds(10)
    found = reconstruction(cloud, np.zeros_like(cloud))
    medians = [errors["median"] for errors in (*found["particles"].values(), *found["jets"].values())]
    assert medians == [-1] * 5


def test_both_layouts_and_momenta_give_the_same_errors(rng):
    x = toy_clouds(20)
    x_hat = x + rng.normal(0, 0.01, x.shape)
    four = [np.concatenate([p[..., :1], p, p[..., :1]], axis=-1) for p in map(clouds.momenta, (x, x_hat))]
    expected = reconstruction(x, x_hat)
    assert reconstruction(*map(clouds.momenta, (x, x_hat))) == expected
    assert reconstruction(*four) == expected


def test_standard_errors_are_the_spread_of_repeated_samples():
    def median(seed):
        x = toy_clouds(200, seed=seed)
        x_hat = x.copy()
        x_hat[..., 2] *= np.random.default_rng(seed).normal(1, 0.02, (200, 1))
        return reconstruction(x, x_hat)["jets"]["pt"]

    repeated = [median(seed) for seed in range(20)]
    spread = np.std([found["median"] for found in repeated])
    assert np.mean([found["median_error"] for found in repeated]) == pytest.approx(spread, rel=0.5)
    # Of a normal distribution the quartiles are 1.349 standard deviations apart.
    assert np.mean([found["iqr"] for found in repeated]) == pytest.approx(1.349 * 0.02, rel=0.1)


def test_compression_rates_are_those_of_the_published_table():
    assert compression_rate(2 * 30) == pytest.approx(2 / 3)
    assert compression_rate(55) == pytest.approx(0.611, abs=0.001)
    assert compression_rate(3, n_particles=10) == 0.1


# Refusals


@pytest.mark.parametrize(
    ("x", "x_hat", "said"),
    [
        (toy_clouds(12), toy_clouds(12, n_particles=13), r"Received: \(12, 12\) and \(12, 13\)"),
        (toy_clouds(12), toy_clouds(11), r"Received: \(12, 12\) and \(11, 12\)"),
        (toy_clouds(9), toy_clouds(9), "Too few jets. Expected: at least 10. Received: 9"),
        (toy_clouds(12), toy_clouds(12) * np.nan, "12 clouds with NaN or inf"),
        (toy_clouds(12)[..., :2], toy_clouds(12), r"Received: shape \(12, 12, 2\)"),
        (np.zeros((12, 5, 4)), toy_clouds(12, n_particles=5), "true values other than zero"),
    ],
)
def test_what_cannot_be_compared_is_refused(x, x_hat, said):
    with pytest.raises(InputError, match=said):
        reconstruction(x, x_hat)
