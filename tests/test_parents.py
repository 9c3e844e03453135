"""Events that share a parent: read, split, and counted together."""

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offshell import recipe
from offshell.errors import InputError
from offshell.evaluate import auc, signal_efficiency, significance_improvement, threshold_at_rate, tpr_at_fpr
from offshell.evaluate.separation.all_signals import with_parents_of_all
from offshell.io.events.parents import read_parents
from offshell.io.store import EventArrays, write_events
from offshell.run.results import Results
from offshell.samples.samples import Sample
from offshell.train.split import split


def copies(scores, n):
    """Each score n times, and the parents of these."""
    return np.repeat(scores, n), np.repeat(np.arange(len(scores)), n)


@given(st.integers(2, 200), st.sampled_from([0.1, 0.3]), st.integers(0, 9))
def test_no_parent_is_on_both_sides(n_events, fraction, seed):
    groups = np.random.default_rng(seed).integers(0, max(n_events // 3, 2), n_events)
    if len(np.unique(groups)) < 2 or round(fraction * n_events) == 0:
        return
    try:
        parts = split(n_events, fraction, seed=seed, groups=groups)
    except InputError:  # one parent has everything that is not set aside
        return
    assert not set(groups[parts.train]) & set(groups[parts.valid])
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(n_events))
    assert len(parts.valid) >= round(fraction * n_events)


def test_parents_of_one_event_split_as_events_do():
    expected = split(50, 0.2, seed=3)
    parts = split(50, 0.2, seed=3, groups=np.arange(50))
    np.testing.assert_array_equal(parts.valid, expected.valid)
    np.testing.assert_array_equal(parts.train, expected.train)


def test_groups_are_one_integer_for_each_event():
    with pytest.raises(InputError, match=r"Wrong groups of x\. Expected: integers of shape \(50,\)"):
        split(50, 0.2, seed=3, groups=np.arange(49))
    with pytest.raises(InputError, match=r"Wrong groups of background.*float64"):
        auc(np.arange(3.0), np.arange(3.0), groups=np.arange(3.0))


# Copies say no more than what they are copies of


def test_copies_leave_auc_and_its_interval_as_they_are():
    rng = np.random.default_rng(1)
    background, signal = rng.normal(size=400), rng.normal(1, 1, 90)
    many, groups = copies(background, 5)
    twice, signal_groups = copies(signal, 2)
    found = auc(many, twice, groups=groups, signal_groups=signal_groups)
    expected = auc(background, signal)
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )


def test_copies_leave_the_threshold_and_its_rate_as_they_are():
    scores = np.random.default_rng(2).normal(size=1000)
    many, groups = copies(scores, 4)
    found = threshold_at_rate(many, rate_hz=20, input_rate_hz=1000, groups=groups)
    expected = threshold_at_rate(scores, rate_hz=20, input_rate_hz=1000)
    assert (found.threshold, found.n_background, found.few) == (expected.threshold, 20, False)
    assert found.rate_hz == pytest.approx(expected.rate_hz)
    assert found.bounds == expected.bounds
    # Copies tie, so that the lower end is that of the events above.
    assert found.interval[1] == pytest.approx(expected.interval[1])
    assert threshold_at_rate(many, rate_hz=20, input_rate_hz=1000).n_background == 80


def test_copies_leave_efficiencies_as_they_are():
    rng = np.random.default_rng(3)
    background, signal = rng.normal(size=2000), rng.normal(1, 1, 300)
    many, groups = copies(background, 4)
    more, signal_groups = copies(signal, 3)
    expected = tpr_at_fpr(background, signal, 0.01)
    found = tpr_at_fpr(many, more, 0.01, groups=groups, signal_groups=signal_groups)
    assert (found.value, found.low, found.high, found.n_background) == pytest.approx(
        (expected.value, expected.low, expected.high, expected.n_background)
    )
    plain = signal_efficiency(1.0, signal)
    of_copies = signal_efficiency(1.0, more, groups=signal_groups)
    assert (of_copies.value, of_copies.low, of_copies.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_copies_leave_the_improvement_as_it_is():
    rng = np.random.default_rng(4)
    background, signal = rng.normal(size=500), rng.normal(1.5, 1, 200)
    many, groups = copies(background, 5)
    expected = significance_improvement(background, signal)
    found = significance_improvement(many, signal, groups=groups)
    assert (found.value, found.fpr, found.high) == pytest.approx(
        (expected.value, expected.fpr, expected.high)
    )


def test_ten_events_of_four_collisions_are_few():
    groups = np.concatenate([np.arange(4, 994), [0, 0, 0, 0, 1, 1, 1, 2, 2, 3]])
    point = threshold_at_rate(np.arange(1000), rate_hz=10, input_rate_hz=1000, groups=groups)
    assert (point.n_background, point.few) == (4, True)
    # The hundred highest are 16 + 9 + 4 + 1 + 90 over 100 events in one.
    assert point.rate_hz == pytest.approx(1000 * (10 / 1.2 + 1) / (1000 / 1.2 + 1))


# Files


def test_parents_are_read_where_a_file_has_them(tmp_path):
    events = np.zeros((6, 19, 4), np.float32)
    arrays = EventArrays(events, np.zeros(6, np.int8), np.array([0, 0, 1, 2, 2, 2]), np.ones(6))
    write_events(tmp_path / "with.h5", [arrays], attributes={})
    np.testing.assert_array_equal(read_parents(tmp_path / "with.h5", start=1, stop=4), [0, 1, 2])
    sample = Sample("with", tmp_path / "with.h5", "events")
    np.testing.assert_array_equal(sample.parents(0, 3), [0, 0, 1])
    assert sample.parents(1, 4) is None  # no two of these share one
    with h5py.File(tmp_path / "without.h5", "w") as file:
        file["Particles"] = events
    assert read_parents(tmp_path / "without.h5") is None
    (tmp_path / "other.root").write_bytes(b"root")
    assert read_parents(tmp_path / "other.root") is None
    with h5py.File(tmp_path / "wrong.h5", "w") as file:
        file["Particles"], file["parent"] = events, np.zeros(5)
    with pytest.raises(InputError, match=r"wrong parent\. Expected: 6 integers"):
        read_parents(tmp_path / "wrong.h5")


def test_signals_that_are_mixed_share_no_parents():
    mixed = with_parents_of_all({"b": np.array([1, 1])}, ["b", "s"], 2)["all-signals"]
    np.testing.assert_array_equal(mixed, [0, 0, 2, 3])
    assert "all-signals" not in with_parents_of_all({"background": np.array([1, 1])}, ["b", "s"], 2)


# Runs


def test_a_run_trains_on_no_parent_of_a_test_event(tmp_path):
    events = np.zeros((60, 19, 4), np.float32)
    events[:, 0] = np.stack([np.arange(60) + 10.0, np.zeros(60), np.ones(60), np.ones(60)], axis=1)
    parents = np.arange(60) // 7
    for name in ("background", "b", "s"):
        numbers = parents if name != "b" else np.arange(60)
        write_events(
            tmp_path / f"{name}.h5",
            [EventArrays(events, np.zeros(60, np.int8), numbers, np.ones(60))],
            attributes={},
        )
    changes = {
        "samples.background": tmp_path / "background.h5",
        "samples.signals": f"{tmp_path / 'b.h5'},{tmp_path / 's.h5'}",
        "samples.n_test": 30,
        "samples.n_train": 30,
        "samples.n_signal": 20,
        "evaluate.all_signals": "true",
    }
    settings = recipe.load("l1-ae", changes=[f"{key}={value}" for key, value in changes.items()])
    (tmp_path / "recipe.toml").write_text(recipe.to_toml(settings))
    run = Results(tmp_path)
    # The fifth collision has events 28 to 34, on both sides of the border.
    np.testing.assert_array_equal(run.training_parents, parents[35:])
    np.testing.assert_array_equal(run.training_events(), run.samples[0].read(35, 60))
    assert set(run.test_parents) == {"background", "s", "all-signals"}
    np.testing.assert_array_equal(run.test_parents["background"], parents[:30])
    assert len(np.unique(run.test_parents["all-signals"])) == 20 + 3
