"""A scale moves momenta, a resolution directions, and nothing else."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs.shifts import scaled_energies, scaled_pt, smeared_objects, smeared_particles

EVENTS = np.random.default_rng(0).uniform(1, 5, (3, 19, 4)).astype(np.float32)


def test_one_factor_for_all_events():
    moved = scaled_pt(EVENTS, 2.0)
    np.testing.assert_array_equal(moved[..., 0], 2 * EVENTS[..., 0])
    np.testing.assert_array_equal(moved[..., 1:], EVENTS[..., 1:])


def test_one_factor_for_each_event():
    moved = scaled_pt(EVENTS, np.array([1.0, 2.0, 0.5]))
    np.testing.assert_array_equal(moved[:, 4, 0], EVENTS[:, 4, 0] * [1, 2, 0.5])


def test_the_given_events_stay_as_they_are():
    before = EVENTS.copy()
    scaled_pt(EVENTS, 3.0)
    np.testing.assert_array_equal(EVENTS, before)


@pytest.mark.parametrize(
    "scale", [0.0, -1.0, np.nan, np.inf, np.ones(2), np.array([1, 1, -1]), np.ones((3, 1))]
)
def test_an_impossible_scale_is_refused(scale):
    with pytest.raises(InputError, match="Wrong energy scale"):
        scaled_pt(EVENTS, scale)


def test_events_of_another_shape_are_refused():
    with pytest.raises(InputError, match="19"):
        scaled_pt(EVENTS[:, :5], 1.0)


def test_a_scale_of_jets_multiplies_all_four_components():
    jets = EVENTS[:, :7]
    np.testing.assert_array_equal(scaled_energies(jets, 2.0), 2 * jets)
    np.testing.assert_array_equal(scaled_energies(jets, np.array([1.0, 2.0, 4.0]))[2], 4 * jets[2])


def objects():
    rng = np.random.default_rng(1)
    events = np.zeros((2000, 19, 4), np.float32)
    events[:, :12, 0] = rng.uniform(1, 9, (2000, 12))
    events[:, :12, 1:3] = rng.uniform(-3.1, 3.1, (2000, 12, 2))
    events[:, :12, 3] = 1
    events[:, 0, 1] = 0
    return events


def test_directions_of_objects_scatter_by_the_width_and_nothing_else_moves():
    events = objects()
    moved = smeared_objects(events, 0.1, seed=1)
    np.testing.assert_array_equal(moved[..., [0, 3]], events[..., [0, 3]])
    np.testing.assert_array_equal(moved[:, 12:], 0)
    np.testing.assert_array_equal(moved[:, 0, 1], 0)
    by_eta = (moved - events)[:, 1:12, 1]
    by_phi = np.angle(np.exp(1j * (moved - events)[:, :12, 2]))
    # A standard deviation of 22,000 numbers is known to half a percent.
    assert by_eta.std() == pytest.approx(0.1, rel=0.02)
    assert by_phi.std() == pytest.approx(0.1, rel=0.02)
    assert np.abs(moved[..., 2]).max() <= np.float32(np.pi)


def test_directions_of_particles_scatter_and_pt_and_mass_stay():
    rng = np.random.default_rng(2)
    pt, eta, phi = rng.uniform(1, 9, (500, 40)), rng.uniform(-2, 2, (500, 40)), rng.uniform(-3, 3, (500, 40))
    momentum = pt * np.array([np.cos(phi), np.sin(phi), np.sinh(eta)])
    jets = np.stack([np.sqrt((momentum**2).sum(axis=0) + 0.25), *momentum], axis=-1)
    jets[:, 30:] = 0
    e, px, py, pz = np.moveaxis(smeared_particles(jets, 0.05, seed=1).astype(float), -1, 0)
    assert not any(part[:, 30:].any() for part in (e, px, py, pz))
    kept = (slice(None), slice(30))
    np.testing.assert_allclose(np.hypot(px, py)[kept], pt[kept], rtol=1e-6)
    # Rounding of float32 to a part in 10^7 of squares up to 10^3.
    np.testing.assert_allclose((e**2 - px**2 - py**2 - pz**2)[kept], 0.25, atol=3e-4)
    by_eta = np.arcsinh(pz / np.maximum(np.hypot(px, py), 1e-9))[kept] - eta[kept]
    assert by_eta.std() == pytest.approx(0.05, rel=0.02)
    by_phi = np.angle(np.exp(1j * (np.arctan2(py, px)[kept] - phi[kept])))
    assert by_phi.std() == pytest.approx(0.05, rel=0.02)


def test_no_width_changes_nothing():
    np.testing.assert_array_equal(smeared_objects(objects(), 0.0, seed=1), objects())
    jets = np.array([[[5.0, 3.0, 0.0, 4.0], [0, 0, 0, 0]]], np.float32)
    np.testing.assert_array_equal(smeared_particles(jets, 0.0, seed=1), jets)


@pytest.mark.parametrize("width", [-0.1, np.nan, np.inf])
def test_an_impossible_width_is_refused(width):
    with pytest.raises(InputError, match="Wrong angular resolution"):
        smeared_objects(EVENTS, width, seed=1)
