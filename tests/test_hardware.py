"""Counts of the level-1 trigger: closed forms, saturation, and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell.errors import InputError
from offshell.inputs.hardware import decode, encode
from offshell.inputs.objects import features

ELECTRON, MUON, JET = 1, 5, 9


def event(*objects):
    """One event of the objects (row, pt, eta, phi), and MET of 0."""
    made = np.zeros((1, 19, 4), np.float32)
    made[0, 0, 3] = 1
    for row, *numbers in objects:
        made[0, row] = [*numbers, 1 if row == 0 else 2 if row < MUON else 3 if row < JET else 4]
    return made


@pytest.mark.parametrize(
    ("row", "physical", "counts"),
    [
        (0, (100.3, 0, np.pi / 2), (200, 0, 36)),
        (ELECTRON, (23.0, 0.087, np.pi), (46, 2, 72)),
        (ELECTRON, (23.49, -0.087, -np.pi / 2), (46, -2, 108)),
        (MUON, (23.0, 0.087, np.pi), (47, 8, 288)),
        (MUON, (0.2, 0, -2 * np.pi / 576), (1, 0, 575)),
        (JET, (512.0, -4.35, 2 * np.pi / 144), (1024, -100, 1)),
    ],
)
def test_counts_are_those_of_the_global_trigger(row, physical, counts):
    assert tuple(encode(event((row, *physical)))[0, row, :3]) == counts


@pytest.mark.parametrize(("row", "largest"), [(0, 4095), (ELECTRON, 511), (MUON, 511), (JET, 2047)])
def test_pt_saturates_at_its_bits(row, largest):
    assert encode(event((row, 5000, 0, 0)))[0, row, 0] == largest


@pytest.mark.parametrize(("row", "half"), [(ELECTRON, 128), (MUON, 256), (JET, 128)])
def test_eta_saturates_at_its_bits(row, half):
    assert encode(event((row, 50, 9, 0)))[0, row, 1] == half - 1
    assert encode(event((row, 50, -9, 0)))[0, row, 1] == -half


def test_phi_is_periodic():
    turn = 2 * np.pi / 144 * 0.4
    assert encode(event((JET, 50, 0, -turn)))[0, JET, 2] == 0
    assert (
        encode(event((JET, 50, 0, np.pi)))[0, JET, 2] == encode(event((JET, 50, 0, -np.pi)))[0, JET, 2] == 72
    )


def test_what_has_no_count_of_pt_becomes_padding_but_met_and_muons_stay():
    counts = encode(event((0, 0.3, 0, 1), (ELECTRON, 0.4, 1, 1), (MUON, 0.4, 1, 1), (JET, 0.4, 1, 1)))[0]
    assert not counts[[ELECTRON, JET]].any()
    assert counts[0].tolist() == [0, 0, 23, 1]
    assert counts[MUON].tolist() == [1, 92, 92, 3]


def test_padding_stays_zero_both_ways():
    events = event((0, 20, 0, 1))
    assert not encode(events)[0, 1:].any()
    assert not decode(encode(events))[0, 1:].any()


@given(
    pt=st.floats(1, 255),
    eta=st.floats(-2.4, 2.4),
    phi=st.floats(-np.pi, np.pi),
    row=st.sampled_from([ELECTRON, MUON, JET]),
)
def test_there_and_back_loses_no_more_than_a_step(pt, eta, phi, row):
    step = 4 if row == MUON else 1
    counts = encode(event((row, pt, eta, phi)))
    received = decode(counts)[0, row]
    assert 0 <= np.float32(pt) - received[0] < 0.5
    rounding = 4 * np.finfo(np.float32).eps  # of numbers up to 4
    assert abs(received[1] - eta) <= 0.0435 / step / 2 + rounding
    assert abs((received[2] - phi + np.pi) % (2 * np.pi) - np.pi) <= np.pi / 144 / step + rounding
    np.testing.assert_array_equal(encode(decode(counts)), counts)


def test_counts_are_whole_and_make_features():
    events = np.repeat(event((0, 31.7, 0, 0.1), (JET, 77.7, 1.234, -0.5)), 3, axis=0)
    numbers = features(encode(events))
    assert numbers.dtype == np.float32
    np.testing.assert_array_equal(numbers, np.rint(numbers))


@pytest.mark.parametrize("function", [encode, decode])
def test_what_is_not_an_array_of_events_is_refused(function):
    with pytest.raises(InputError, match=r"shape \(n, 19, 4\)"):
        function(np.zeros((2, 57)))
