"""Momenta in closed form, along the beam and at the seam of the azimuth."""

import numpy as np
import pytest

from offshell.inputs.momenta import pt_eta_phi, wrap_angle

RNG = np.random.default_rng(1)
PT, ETA, PHI = RNG.uniform(1, 500, 200), RNG.uniform(-5, 5, 200), RNG.uniform(-np.pi, np.pi, 200)
THREE = np.stack([PT * np.cos(PHI), PT * np.sin(PHI), PT * np.sinh(ETA)], axis=-1)


def test_pt_eta_phi_come_back():
    for found, expected in zip(pt_eta_phi(THREE), (PT, ETA, PHI), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_energy_is_not_looked_at():
    four = np.concatenate([np.full((200, 1), np.nan), THREE], axis=-1).reshape(20, 10, 4)
    for found, expected in zip(pt_eta_phi(four), pt_eta_phi(THREE), strict=True):
        np.testing.assert_array_equal(found, expected.reshape(20, 10))


@pytest.mark.parametrize("side", [1, -1])
def test_a_particle_along_the_beam_has_a_large_pseudorapidity(side):
    # arsinh(x) tends to log(2 x); the pt is taken as 1e-12 GeV.
    pt, eta, _ = pt_eta_phi(np.array([0.0, 0.0, side * 50.0]))
    assert pt == 0
    assert eta == pytest.approx(side * np.log(2 * 50 / 1e-12))


def test_padding_stays_zero():
    assert [float(x) for x in pt_eta_phi(np.zeros(4))] == [0, 0, 0]


@pytest.mark.parametrize(
    ("angle", "same"),
    [(0, 0), (np.pi, -np.pi), (-np.pi, -np.pi), (3.5, 3.5 - 2 * np.pi), (-7, 2 * np.pi - 7)],
)
def test_angles_lie_in_one_turn(angle, same):
    assert wrap_angle(np.array(angle)) == pytest.approx(same)
