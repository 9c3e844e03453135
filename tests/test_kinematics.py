"""Kinematics of trigger objects: by hand, and whatever stands where nothing is."""

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.inputs.kinematics import OBSERVABLES, observables


def test_by_hand():
    event = np.zeros((2, 19, 4), np.float32)
    event[0, 0, 0] = 31
    event[0, 1:3, 0] = 12, 0.5
    event[0, 5, 0] = 27
    event[0, 9:12, 0] = 60, 40, 0.25
    found = observables(event)
    assert list(found) == list(OBSERVABLES)
    expected = {
        "met": 31,
        "ht": 100.25,
        "lepton_pt": 27,
        "jet_pt": 60,
        "n_electrons": 2,
        "n_muons": 1,
        "n_jets": 3,
    }
    assert {name: values[0] for name, values in found.items()} == expected
    assert all(values[1] == 0 for values in found.values())


def test_another_shape_is_refused():
    with pytest.raises(InputError, match="19, 4"):
        observables(np.zeros((3, 57)))
