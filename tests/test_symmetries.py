"""Turned and mirrored events: what must stay the same does, in radians and in the counts of the hardware."""

import numpy as np
import pytest

from offshell.inputs.hardware import encode
from offshell.inputs.objects import features
from offshell.models.one_class.symmetries import Symmetries, symmetries_of


def events(n=200):
    """The leading four objects of each kind, the last of which are padding."""
    rng = np.random.default_rng(1)
    x = np.zeros((n, 19, 4), np.float32)
    for rows, kind, n_objects in (
        (slice(0, 1), 1, 1),
        (slice(1, 5), 2, 2),
        (slice(5, 9), 3, 1),
        (slice(9, 19), 4, 3),
    ):
        some = np.arange(rows.start, rows.start + n_objects)
        x[:, some, 0] = -np.sort(-rng.uniform(5, 100, (n, n_objects)), axis=1)
        x[:, some, 1] = rng.uniform(-2.4, 2.4, (n, n_objects)) * (kind > 1)
        x[:, some, 2] = rng.uniform(-np.pi, np.pi, (n, n_objects))
        x[:, some, 3] = kind
    return x


def turned(x):
    layer = Symmetries()
    layer.adapt(x)
    return np.asarray(layer(x, training=True)).reshape(-1, 19, 3)


def test_pt_stays_and_all_objects_turn_and_mirror_together():
    x = features(events())
    before, after = x.reshape(-1, 19, 3), turned(x)
    present = before[..., 0] > 0
    np.testing.assert_array_equal(after[..., 0], before[..., 0])
    assert not after[~present].any()
    assert (np.abs(after[..., 2]) <= np.pi + 1e-5).all()
    signs = np.sign(after[..., 1] * before[..., 1])
    assert (signs.max(axis=1) - signs.min(axis=1) == 1).all()  # zero for what has no eta
    np.testing.assert_array_equal(np.abs(after[..., 1]), np.abs(before[..., 1]))
    angle = np.exp(1j * (after[..., 2] - before[..., 2]))
    assert np.abs(angle - angle[:, :1])[present].max() < 1e-5


def test_half_of_the_events_are_mirrored_and_every_direction_is_as_likely():
    x = np.tile(features(events(1)), (4000, 1))
    after = turned(x)
    assert (after[:, 1, 1] * x[0, 4] > 0).mean() == pytest.approx(0.5, abs=4 * 0.5 / 63)
    assert np.exp(1j * after[:, 0, 2]).mean() == pytest.approx(0, abs=4 / 63)


def test_counts_of_the_hardware_stay_counts_and_muons_turn_by_four_times_as_many():
    counts = features(encode(events()))
    before, after = counts.reshape(-1, 19, 3), turned(counts)
    np.testing.assert_array_equal(after, np.rint(after))
    assert after[..., 2].min() >= 0
    assert after[:, 9:, 2].max() < 144
    assert 144 <= after[:, 5:9, 2].max() < 576
    of_met = (after[:, 0, 2] - before[:, 0, 2]) % 144
    np.testing.assert_array_equal((after[:, 5, 2] - before[:, 5, 2]) % 576, 4 * of_met)


def test_without_training_nothing_happens_and_nothing_is_known_of_other_shapes():
    x = features(events(3))
    np.testing.assert_array_equal(Symmetries()(x), x)
    assert symmetries_of((12,)) is None
    assert symmetries_of((57,)) is not None
