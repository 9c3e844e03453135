"""A scale moves the momenta and nothing else."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.monitor.energy_scale import scaled_pt

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
