"""What tells the best epoch of a game: masses, order and distance of clouds."""

import numpy as np
import pytest

from offshell.models.densities.conditions import by_falling_pt
from offshell.models.densities.gan.cloud_distance import distance, relative_mass


def test_particles_by_falling_pt_and_padding_last():
    cloud = np.array([[[1, 1, 0.2, 1], [0, 0, 0, 0], [2, 2, 0.5, 1], [3, 3, -0.1, 1]]], np.float32)
    assert np.asarray(by_falling_pt(cloud))[0, :, 0].tolist() == [2, 1, 3, 0]


def test_mass_of_two_particles_in_closed_form():
    # Massless particles: m^2 = 2 pt pt' (cosh of the difference in eta - cos of that in phi).
    pair = np.array([[[0.3, -0.1, 0.7, 1], [-0.2, 0.4, 0.3, 1], [5, 5, 5, 0]]], np.float32)
    expected = np.sqrt(2 * 0.7 * 0.3 * (np.cosh(0.5) - np.cos(0.5)))
    assert relative_mass(pair) == pytest.approx([expected], rel=1e-5)


def test_mass_of_one_particle_is_zero_and_never_nan():
    assert relative_mass(np.array([[[0.3, -0.1, 0.7, 1]]], np.float32)) == pytest.approx([0], abs=1e-3)


def test_distance_tells_a_wrong_particle_and_a_wrong_mass(rng):
    real, fake = rng.normal(size=(2, 400, 5, 3)).astype(np.float32)
    masses = rng.gamma(4, 0.03, size=(2, 400)).astype(np.float32)
    same = np.mean(distance(real, fake, masses))
    moved = np.mean(distance(real, fake + np.float32([0, 0, 1]), masses))
    heavier = np.mean(distance(real, fake, masses * np.float32([[1], [1.5]])))
    assert abs(same) < 0.03
    assert moved > 0.05
    assert heavier > 0.2
