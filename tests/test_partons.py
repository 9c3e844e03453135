"""Partons in the plane of eta and phi."""

import numpy as np

from offshell.pseudo_anomalies.partons import between, centered, invariant_mass, rescaled, within

TWO = np.array([[[300, 0.2, 1.0], [200, -0.1, 1.4], [0, 0, 0]]])


def test_mass_of_two():
    # m^2 = 2 pt1 pt2 (cosh d_eta - cos d_phi)
    expected = np.sqrt(2 * 300 * 200 * (np.cosh(0.3) - np.cos(0.4)))
    np.testing.assert_allclose(invariant_mass(TWO), expected, rtol=1e-12)


def test_centered_partons_add_up_along_the_axis_and_keep_their_mass():
    around = centered(TWO)
    (pt, eta, phi), *_ = np.moveaxis(around, -1, 1)
    np.testing.assert_allclose([pt @ np.sin(phi), pt @ np.sinh(eta)], 0, atol=1e-10)
    np.testing.assert_allclose(invariant_mass(around), invariant_mass(TWO), rtol=1e-12)


def test_rescaled_partons_have_the_pt_of_the_jet_as_vectors():
    scaled = rescaled(TWO, np.array([1000.0]))[0]
    x, y = ((scaled[:, 0] * f(scaled[:, 2])).sum() for f in (np.cos, np.sin))
    np.testing.assert_allclose(np.hypot(x, y), 1000, rtol=1e-12)
    np.testing.assert_array_equal(scaled[:, 1:], TWO[0, :, 1:])
    np.testing.assert_allclose(scaled[0, 0] / scaled[1, 0], 1.5, rtol=1e-12)


def test_within_is_for_partons_that_are_there():
    partons = np.array([[[300, 0.2, 0], [200, 0, 0.4], [0, 0, 0]]])
    np.testing.assert_array_equal(within(partons, 0.3), [[True, False, False]])


def test_between_is_the_distance_to_the_nearest_that_is_there():
    np.testing.assert_allclose(between(TWO)[0, :2], 0.5, rtol=1e-12)
    assert between(TWO[:, [0, 2]])[0, 0] == np.inf
