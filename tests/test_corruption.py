"""Corruption smears features and masks whole objects, in training only."""

import numpy as np
import pytest

from offshell.models import Corruption


@pytest.fixture(scope="module")
def x():
    """Events of five objects with three features, the last two of them padding."""
    x = np.random.default_rng(0).normal(size=(4000, 15)).astype(np.float32)
    x[:, 9:] = 0
    return x


def test_events_are_left_alone_outside_training(x):
    np.testing.assert_array_equal(Corruption(noise=1, masking=0.5)(x), x)


def test_padding_stays_padding(x):
    assert not np.any(Corruption(noise=1)(x, training=True)[:, 9:])


def test_objects_are_masked_as_a_whole_and_as_often_as_asked(x):
    objects = np.asarray(Corruption(noise=0, masking=0.3)(x, training=True)).reshape(-1, 5, 3)[:, :3]
    gone = objects == 0
    np.testing.assert_array_equal(gone.any(axis=2), gone.all(axis=2))
    assert gone.mean() == pytest.approx(0.3, abs=0.02)
    np.testing.assert_array_equal(objects[~gone], x.reshape(-1, 5, 3)[:, :3][~gone])


def test_features_are_smeared_by_the_noise_asked_for(x):
    difference = (np.asarray(Corruption(noise=0.4, masking=0)(x, training=True)) - x)[:, :9]
    assert difference.std() == pytest.approx(0.4, rel=0.02)
    assert difference.mean() == pytest.approx(0, abs=0.01)


def test_pixels_of_images_are_masked_one_by_one():
    images = np.ones((500, 4, 4, 1), np.float32)
    kept = np.asarray(Corruption(noise=0, masking=0.25, group=1)(images, training=True))
    assert kept.shape == images.shape
    assert set(np.unique(kept)) == {0, 1}
    assert kept.mean() == pytest.approx(0.75, abs=0.03)


def test_every_call_corrupts_anew(x):
    corruption = Corruption()
    assert np.any(np.asarray(corruption(x, training=True)) != np.asarray(corruption(x, training=True)))
