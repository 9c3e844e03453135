"""Conditions of generated jets: drawn from the background, never invented."""

import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models.densities.conditions import Conditions, assembled

N_PARTICLES = 5


def clouds(n_particles, jet_pt=None):
    """Jets with a number of particles each, at 0.1 in every coordinate."""
    n_particles = np.asarray(n_particles)
    mask = (np.arange(N_PARTICLES) < n_particles[:, None]).astype(np.float32)[..., None]
    return np.asarray(
        assembled(np.full((len(mask), N_PARTICLES, 3), 0.1, np.float32), mask, jet_pt=jet_pt), np.float32
    )


def drawn(conditions, n=1000, seed=1):
    return conditions.draw(n, np.random.default_rng(seed))


def test_assembled_clouds_hold_coordinates_then_momentum_then_mask_and_zero_in_padding():
    cloud = clouds([2], np.array([500.0], np.float32))[0]
    expected = np.zeros((N_PARTICLES, 5))
    expected[:2] = [0.1, 0.1, 0.1, 500, 1]
    assert cloud == pytest.approx(expected)


def test_pairs_of_number_and_momentum_are_drawn_as_often_as_the_background_has_them():
    conditions = Conditions(particles=N_PARTICLES, columns=5, references=8)
    conditions.adapt(clouds([2, 2, 2, 4], np.array([500, 500, 500, 600], np.float32)))
    mask, jet_pt = drawn(conditions)
    assert mask.shape == (1000, N_PARTICLES, 1)
    assert (np.diff(mask[..., 0], axis=1) <= 0).all()
    n_particles = mask.sum(axis=(1, 2))
    assert set(zip(n_particles.tolist(), jet_pt.tolist(), strict=True)) == {(2, 500), (4, 600)}
    assert (n_particles == 4).mean() == pytest.approx(0.25, abs=0.05)  # 3.6 standard deviations


def test_the_same_generator_draws_the_same_jets():
    conditions = Conditions(particles=N_PARTICLES, columns=4)
    conditions.adapt(clouds([1, 2, 3]))
    (first, jet_pt), (again, _), (other, _) = drawn(conditions), drawn(conditions), drawn(conditions, seed=2)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert jet_pt is None


def test_networks_see_the_fraction_of_particles_and_the_standardized_momentum():
    x = clouds([5, 2, 1], np.array([480, 500, 520], np.float32))
    conditions = Conditions(particles=N_PARTICLES, columns=5)
    conditions.adapt(x)
    width = np.std([480, 500, 520])
    assert np.asarray(conditions(x)) == pytest.approx(
        np.array([[1, -20 / width], [0.4, 0], [0.2, 20 / width]]), abs=1e-5
    )
    without = Conditions(particles=N_PARTICLES, columns=4)
    assert np.asarray(without(clouds([5, 2]))) == pytest.approx(np.array([[1], [0.4]]))


def test_momenta_that_are_all_the_same_have_unit_width():
    x = clouds([5, 2], np.array([500, 500], np.float32))
    conditions = Conditions(particles=N_PARTICLES, columns=5)
    conditions.adapt(x)
    assert np.asarray(conditions(x))[:, 1].tolist() == [0, 0]


def test_saved_and_loaded_conditions_draw_alike(tmp_path):
    conditions = Conditions(particles=N_PARTICLES, columns=5)
    conditions.adapt(clouds([5, 2], np.array([480, 500], np.float32)))
    inputs = keras.Input((N_PARTICLES, 5))
    keras.Model(inputs, conditions(inputs)).save(tmp_path / "conditions.keras")
    loaded = keras.models.load_model(tmp_path / "conditions.keras").layers[-1]
    for before, after in zip(drawn(conditions), drawn(loaded), strict=True):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conditions(particles=5, columns=3), "Received: columns=3"),
        (lambda: Conditions(particles=5, columns=5).adapt(clouds([2])), r"Received: \(1, 5, 4\)"),
        (lambda: Conditions(particles=5, columns=4).adapt(clouds([2])[:0]), r"Received: \(0, 5, 4\)"),
        (lambda: Conditions(particles=5, columns=4).adapt(clouds([2, 0, 0])), "Received: 2 jets of padding"),
    ],
)
def test_clouds_that_do_not_fit_are_refused_in_one_line(make, message):
    with pytest.raises(InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
