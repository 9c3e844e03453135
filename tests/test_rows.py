"""Parts of any length become batches of one length, and ranges that cannot be are refused."""

from pathlib import Path

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.io.rows import batches, refuse_empty, refuse_impossible_range, refuse_nothing_left

JETS = Path("jets.h5")


@pytest.mark.parametrize("batch_size", [1, 3, 7, 20, 30])
@pytest.mark.parametrize("lengths", [(20,), (5, 0, 15), (1, 2, 3, 4, 10), (0, 19, 1)])
def test_batches_hold_all_rows_in_their_order(lengths, batch_size):
    rows = np.arange(40).reshape(20, 2)
    made = list(batches(np.split(rows, np.cumsum(lengths)[:-1]), batch_size=batch_size))
    np.testing.assert_array_equal(np.concatenate(made), rows)
    *whole, last = map(len, made)
    assert set(whole) <= {batch_size}
    assert 0 < last <= batch_size


def test_nothing_gives_no_batch():
    assert list(batches([], batch_size=3)) == []
    assert list(batches([np.zeros((0, 4))], batch_size=3)) == []


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_needs_a_row(batch_size):
    with pytest.raises(InputError, match=f"Wrong batch_size.*Received: batch_size={batch_size}"):
        list(batches([np.zeros(1)], batch_size=batch_size))


@pytest.mark.parametrize(("start", "stop"), [(-1, None), (0, -1), (-2, 5)])
def test_ranges_do_not_count_from_the_end(start, stop):
    with pytest.raises(InputError, match=f"range of events.*Received: start={start}, stop={stop}"):
        refuse_impossible_range(start, stop, unit="events")


def test_possible_ranges_pass():
    refuse_impossible_range(0, None, unit="jets")
    refuse_impossible_range(0, 0, unit="jets")


def test_a_file_needs_a_row_and_a_range_too():
    with pytest.raises(InputError, match=r"^jets.h5: no jets\. Expected: at least one\. Received: 0"):
        refuse_empty(JETS, 0, unit="jets")
    with pytest.raises(InputError, match=r"^jets.h5: no jets left.*from 3 to 5\. Received: 0"):
        refuse_nothing_left(JETS, 0, start=3, stop=5, unit="jets")
    refuse_empty(JETS, 1, unit="jets")
    refuse_nothing_left(JETS, 1, start=3, stop=5, unit="jets")
