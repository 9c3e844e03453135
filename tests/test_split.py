"""Which events train, which validate, and in which order they come."""

from itertools import islice

import numpy as np
import pytest

from offshell.errors import InputError
from offshell.train.split import checked, n_steps, orders, split


def test_a_split_takes_each_event_once_and_a_fraction_validates():
    parts = split(100, 0.3, seed=1)
    assert (len(parts.train), len(parts.valid)) == (70, 30)
    assert sorted([*parts.train, *parts.valid]) == list(range(100))


def test_validation_events_are_drawn_from_everywhere():
    valid = split(1000, 0.2, seed=1).valid
    # 200 of 1000 without replacement: the mean row is known to sqrt(1000^2 / 12 * 0.8 / 200) = 18.
    assert np.mean(valid) == pytest.approx(499.5, abs=5 * 18)
    assert set(valid) != set(range(200))
    assert set(valid) != set(range(800, 1000))
    assert (np.diff(valid) < 0).any()


def test_the_seed_of_a_split_decides():
    one, same, other = (split(100, 0.3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.valid, same.valid)
    assert set(one.valid) != set(other.valid)


def test_events_for_validation_leave_all_others_for_training():
    parts = split(5, np.zeros((3, 2)), seed=1)
    assert parts.train.tolist() == [0, 1, 2, 3, 4]
    assert parts.valid.tolist() == [0, 1, 2]


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.1, np.nan])
def test_a_fraction_lies_between_none_and_all(fraction):
    with pytest.raises(InputError, match="validation is no fraction"):
        split(10, fraction, seed=1)


@pytest.mark.parametrize(("fraction", "n_valid"), [(0.06, 1), (0.94, 9)])
def test_a_fraction_is_rounded_to_events(fraction, n_valid):
    assert len(split(10, fraction, seed=1).valid) == n_valid


@pytest.mark.parametrize(("fraction", "received"), [(0.04, "10 and 0"), (0.96, "0 and 10")])
def test_no_part_may_be_empty(fraction, received):
    with pytest.raises(InputError, match=f"Received: {received}"):
        split(10, fraction, seed=1)


def test_each_epoch_has_another_order_of_the_same_rows():
    rows = np.arange(100, 160)
    first, second = islice(orders(rows, 20, seed=1), 2)
    assert first.shape == second.shape == (3, 20)
    for order in (first, second):
        np.testing.assert_array_equal(np.sort(order, axis=None), rows)
        assert (np.ravel(order) != rows).any()
    assert (first != second).any()


def test_the_remainder_that_is_left_out_is_another_one_each_time():
    left_out = [
        set(range(10)) - set(np.ravel(order)) for order in islice(orders(np.arange(10), 4, seed=1), 20)
    ]
    assert all(len(rows) == 2 for rows in left_out)
    assert set.union(*left_out) == set(range(10))


def test_the_seed_of_the_orders_decides():
    one, same, other = (next(orders(np.arange(50), 10, seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_has_nothing_to_do_with_the_split(seed):
    parts = split(40, 0.25, seed=seed)
    order = np.ravel(next(orders(np.arange(40), 40, seed=seed)))
    assert (order != np.concatenate([parts.valid, parts.train])).any()
    assert (order != np.concatenate([parts.train, parts.valid])).any()


@pytest.mark.parametrize(("n_events", "batch_size", "steps"), [(10, 3, 3), (9, 3, 3), (2, 5, 1), (5, 5, 1)])
def test_steps_are_the_full_batches_of_an_epoch(n_events, batch_size, steps):
    assert n_steps(n_events, batch_size) == steps
    assert len(next(orders(np.arange(n_events), batch_size, seed=1))) == steps


def test_events_become_float32_and_those_that_are_not_finite_are_counted():
    x = np.ones((5, 2, 2))
    assert checked(x).dtype == np.float32
    x[1, 0, 1], x[3] = np.inf, np.nan
    with pytest.raises(InputError, match=r"Received: 2 of 5 events"):
        checked(x)
