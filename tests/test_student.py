"""What a student of trigger observables is told, and of which events."""

import jax
import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

import offshell
from offshell.errors import InputError
from offshell.inputs.observables import of_events
from offshell.models import Neighbors, Student, StudentSettings
from offshell.models.build import build
from offshell.models.one_class.overlays import overlaid
from offshell.models.one_class.tutor import Tutor
from offshell.models.scaling.observables import Clip


def objects(n=300, *, seed=1):
    """A lepton of 25 GeV and more, one to three jets and missing momentum, `(n, 57)`."""
    rng = np.random.default_rng(seed)
    x = np.zeros((n, 19, 3), np.float32)
    for row, present in ((0, 1.0), (1, 0.6), (5, 0.5), (9, 1.0), (10, 0.5), (11, 0.2)):
        there = rng.random(n) < present
        x[there, row] = np.column_stack(
            [20 + rng.exponential(15, n), rng.uniform(-2, 2, n) * (row > 0), rng.uniform(-3, 3, n)]
        )[there]
    x[:, 9:12] = np.take_along_axis(x[:, 9:12], np.argsort(-x[:, 9:12, :1], axis=1), axis=1)
    return x.reshape(n, 57)


def test_an_event_over_nothing_is_itself_and_over_itself_has_everything_twice():
    x = objects(20)
    np.testing.assert_allclose(overlaid(x, np.zeros_like(x)), x, atol=1e-5)
    once, twice = (
        of_events(np.pad(np.asarray(e).reshape(-1, 19, 3), [(0, 0)] * 2 + [(0, 1)]))
        for e in (x, overlaid(x, x))
    )
    counts, sums = slice(0, 4), slice(4, 8)
    np.testing.assert_allclose(twice[:, counts], 2 * once[:, counts])
    np.testing.assert_allclose(np.expm1(twice[:, sums]), 2 * np.expm1(once[:, sums]), rtol=1e-4)
    met = np.expm1(once[:, 12])
    np.testing.assert_allclose(np.expm1(twice[:, 12]), 2 * met, rtol=1e-4)


def test_of_too_many_objects_those_of_largest_pt_stay_in_order():
    x = np.zeros((1, 19, 3), np.float32)
    x[0, 1:5] = [[40, 1, 1], [30, 1, 1], [20, 1, 1], [10, 1, 1]]
    other = x.copy()
    other[0, 1:5, 0] += 5
    both = np.asarray(overlaid(x.reshape(1, 57), other.reshape(1, 57))).reshape(19, 3)
    np.testing.assert_array_equal(both[1:5, 0], [45, 40, 35, 30])
    assert not both[5:].any()


@pytest.fixture(scope="module")
def tutor():
    detector = Neighbors(shape=(24,), references=200, scaling=Clip())
    tutor = Tutor(detector)
    tutor.adapt(objects())
    return tutor


def test_background_has_mean_zero_and_width_one_and_overlays_are_more_anomalous(tutor):
    x = objects()
    told = np.asarray(tutor(x))
    assert told.mean() == pytest.approx(0, abs=1e-4)
    assert told.std() == pytest.approx(1, rel=1e-4)
    assert np.median(tutor(np.asarray(tutor.unusual(x, keras.random.SeedGenerator(1))))) > np.quantile(
        told, 0.9
    )


def test_turned_and_mirrored_events_are_told_the_same(tutor):
    x = objects()
    assert np.asarray(tutor(np.asarray(tutor.shown(x, keras.random.SeedGenerator(1))))) == pytest.approx(
        np.asarray(tutor(x)), abs=2e-2
    )


def test_a_student_of_a_recipe_learns_the_order_and_keeps_nothing_of_its_teacher(tmp_path):
    settings = StudentSettings(
        scaling="log",
        network={"kind": "dense", "hidden": [16]},
        teacher={"kind": "neighbors", "references": 200, "scaling": "clipped"},
    )
    student = build(settings, (57,), seed=1)
    offshell.fit(student, objects(2000), epochs=20, learning_rate=1e-2, batch_size=64, progress=False)
    new = objects(500, seed=2)
    scores = offshell.score(student, new)["student"]
    assert spearmanr(student.teacher(new), scores).statistic > 0.4
    unusual = np.asarray(student.teacher.unusual(new, keras.random.SeedGenerator(1)))
    assert np.median(offshell.score(student, unusual)["student"]) > np.quantile(scores, 0.9)
    kept = [*student.network.weights, *student.scaling.weights]
    assert {id(weight) for weight in student.weights} == {id(weight) for weight in kept}
    student.save(tmp_path / "student.keras")
    loaded = keras.models.load_model(tmp_path / "student.keras")
    np.testing.assert_array_equal(
        offshell.score(loaded, new)["student"], offshell.score(student, new)["student"]
    )


def test_a_student_of_something_else_than_trigger_objects_is_refused():
    settings = StudentSettings(network={"kind": "dense"}, teacher={"kind": "neighbors"})
    with pytest.raises(InputError, match=r"inputs.kind = objects. Received: events of shape \(24,\)"):
        settings.detector((24,), seed=1)


def test_each_step_of_a_compiled_training_turns_the_events_anew(tutor):
    student = Student(keras.Sequential([keras.Input((57,)), keras.layers.Dense(1)]), tutor=tutor)
    student.prepare((57,))
    weights, others = (
        [variable.value for variable in group]
        for group in (student.trainable_variables, student.non_trainable_variables)
    )
    x = objects(20)
    step = jax.jit(lambda others: student.stateless_call(weights, others, x, training=True))
    first, after = step(others)
    second, _ = step(after)
    assert not np.array_equal(first["distillation"], second["distillation"])
