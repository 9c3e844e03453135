"""A teacher that has answered beforehand knows events again, and shows them to its student in eight positions."""

import jax
import keras
import numpy as np
import pytest

import offshell
from offshell.errors import InputError
from offshell.models import StudentSettings
from offshell.models.build import build
from offshell.models.one_class.recollection import Recollection

SETTINGS = StudentSettings(
    network={"kind": "conv", "filters": [4, 4]}, teacher={"kind": "outlier-exposure", "families": ["cores"]}
)


def images(n=400, *, seed=1):
    """Mostly empty, as images of jets are."""
    x = np.random.default_rng(seed).random((n, 8, 8, 1), np.float32)
    return np.where(x > 0.7, x, 0)


def test_what_was_told_is_told_again_of_whatever_is_asked_for_compiled_or_not():
    x, told = images(), np.arange(400)
    teacher = Recollection(x, told)
    order = np.random.default_rng(2).permutation(400)
    np.testing.assert_array_equal(teacher(x[order]), order)
    np.testing.assert_array_equal(jax.jit(teacher)(x[order]), order)


def test_nothing_is_told_of_other_events_however_similar():
    x = images()
    teacher = Recollection(x, np.zeros(400))
    other = np.where(x > 0, np.nextafter(x, np.float32(2)), 0)
    assert np.isnan(teacher(other)).all()
    with pytest.raises(InputError, match=r"answer for each of 400 events\. Received: none for 400"):
        teacher.adapt(other)
    teacher.adapt(x)


def test_a_student_is_least_off_where_it_says_what_it_was_told():
    """Of an event between two cuts, by symmetry up to the ends of the cuts; far off it grows by 2 for each unit and cut passed."""
    teacher = Recollection(images(1), np.zeros(1))
    said = np.linspace(0, 8, 801, dtype=np.float32)
    for told in (2.0, 4.0, 6.0):
        missed = np.asarray(teacher.missed(said, np.full(801, told, np.float32)))
        assert said[missed.argmin()] == pytest.approx(told, abs=0.02)
    far = np.asarray(teacher.missed(np.array([20.0, 21.0]), np.zeros(2)))
    assert far[1] - far[0] == pytest.approx(2, rel=1e-6)  # all 17 cuts are passed wrongly
    assert teacher.missed(np.array([20.0]), np.full(1, 9.0)) == pytest.approx(0, abs=1e-6)


def test_events_are_told_apart():
    """Of n events n^2 / 2^33 pairs share a number; of 20,000 that is one in twenty times."""
    x = images(20_000)
    np.testing.assert_array_equal(Recollection(x, np.arange(20_000))(x), np.arange(20_000))


def test_images_are_shown_in_all_eight_positions_and_other_events_as_they_are():
    teacher = Recollection(images(), np.zeros(400))
    x = np.repeat(images(1), 400, axis=0)
    shown = np.asarray(teacher.shown(x, keras.random.SeedGenerator(1)))
    turned = [np.rot90(one, k) for one in (x[0], x[0].swapaxes(0, 1)) for k in range(4)]
    counts = [np.all(shown == position, axis=(1, 2, 3)).sum() for position in turned]
    assert sum(counts) == 400
    assert min(counts) > 20  # 50 +- 7
    vectors = np.ones((5, 3), np.float32)
    np.testing.assert_array_equal(teacher.shown(vectors, keras.random.SeedGenerator(1)), vectors)


def test_a_student_of_images_learns_what_it_was_told_and_takes_nothing_of_it_along(tmp_path):
    """How much of the image lies far out is the same in all positions."""
    x, new = images(4000), images(500, seed=2)
    ring = np.ones((8, 8, 1), np.float32)
    ring[2:6, 2:6] = 0
    told = (x * ring).sum((1, 2, 3)) - 8  # from 3 to 8
    student = build(SETTINGS, (8, 8, 1), seed=1)
    student.teacher = Recollection(x, told)
    options = {"epochs": 8, "batch_size": 64, "learning_rate": 1e-2, "progress": False}
    offshell.fit(student, x, loss="distillation", **options)
    scores = offshell.score(student, new)["student"]
    assert np.corrcoef(scores, (new * ring).sum((1, 2, 3)))[0, 1] > 0.9
    student.save(tmp_path / "student.keras")
    loaded = keras.models.load_model(tmp_path / "student.keras")
    np.testing.assert_array_equal(offshell.score(loaded, new)["student"], scores)


def test_a_student_whose_teacher_was_not_asked_is_refused():
    with pytest.raises(InputError, match="teacher of the student was not asked"):
        offshell.fit(build(SETTINGS, (8, 8, 1), seed=1), images(), loss="distillation", progress=False)
