"""Rows of events against loops over the events."""

import numpy as np
import pytest

from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.ragged import first_rows, of_events, ranges, renumbered, rows_of, starts

N_EVENTS = 9


@pytest.fixture
def event():
    """Sorted, with events without any row at both ends and between."""
    return np.sort(np.random.default_rng(1).choice([1, 2, 4, 5, 7], size=30))


def test_ranges_are_those_of_python():
    start, stop = np.array([5, 0, 3, 3]), np.array([7, 3, 3, 4])
    pairs = [(i, row) for i, (a, b) in enumerate(zip(start, stop, strict=True)) for row in range(a, b)]
    assert list(zip(*(column.tolist() for column in ranges(start, stop)), strict=True)) == pairs


@pytest.mark.parametrize("wanted", [[4], [7, 0, 1, 1, 8], []])
def test_rows_of_wanted_events_come_in_their_order(event, wanted):
    expected = [(i, row) for i, one in enumerate(wanted) for row in np.flatnonzero(event == one)]
    place, row = rows_of(event, np.array(wanted, int))
    assert list(zip(place.tolist(), row.tolist(), strict=True)) == expected


def test_first_rows_and_starts_agree(event):
    count = np.bincount(event, minlength=N_EVENTS)
    np.testing.assert_array_equal(first_rows(event, N_EVENTS), [*starts(count), len(event)])


def test_kept_events_are_numbered_without_gaps(event):
    kept = np.isin(np.arange(N_EVENTS), [0, 2, 4, 8])
    flow = EnergyFlow(event, np.random.default_rng(2).normal(size=(len(event), 4)), np.arange(len(event)))
    some = of_events(flow, kept)
    rows = np.isin(event, [2, 4])
    np.testing.assert_array_equal(some.event, np.where(event[rows] == 2, 1, 2))
    np.testing.assert_array_equal(some.momentum, flow.momentum[rows])
    np.testing.assert_array_equal(some.pdg_id, flow.pdg_id[rows])


def test_numbers_do_not_change_where_all_is_kept(event):
    np.testing.assert_array_equal(renumbered(event, np.ones(N_EVENTS, bool)), event)
