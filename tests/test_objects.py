"""An event becomes 57 numbers in a fixed order."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs.objects import CLASSES, KINDS, N_FEATURES, N_OBJECTS, features


def test_features_are_pt_eta_phi_of_each_object_in_turn():
    events = np.arange(2 * 19 * 4, dtype=np.float32).reshape(2, 19, 4)
    received = features(events)
    assert received.shape == (2, N_FEATURES)
    assert received.dtype == np.float32
    np.testing.assert_array_equal(received[1, :6], [76, 77, 78, 80, 81, 82])
    np.testing.assert_array_equal(received[0, -3:], [72, 73, 74])


def test_features_of_padding_are_zero():
    events = np.zeros((1, 19, 4))
    events[0, 0] = [20, 0, 1, 1]
    assert features(events)[0, 3:].tolist() == [0] * 54


def test_kinds_fill_the_rows_once_and_in_order():
    rows = [row for kind in KINDS.values() for row in range(N_OBJECTS)[kind]]
    assert rows == list(range(N_OBJECTS))
    assert KINDS.keys() == CLASSES.keys()


@pytest.mark.parametrize(
    "events", [np.zeros((3, 18, 4)), np.zeros((19, 4)), np.zeros((0, 19, 4)), np.zeros((1, 19, 4), int), [1]]
)
def test_what_is_not_an_array_of_events_is_refused(events):
    with pytest.raises(InputError, match=r"Expected: floats of shape \(n, 19, 4\)"):
        features(events)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_is_refused(value):
    events = np.zeros((3, 19, 4))
    events[1, 4, 2] = value
    with pytest.raises(InputError, match="1 events with NaN or inf"):
        features(events)
