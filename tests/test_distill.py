"""A student learns the order in which its teacher puts events, and forgets the teacher."""

import keras
import numpy as np
import pytest
from hgq.layers import QDense
from scipy.stats import spearmanr

import offshell
from offshell.compress.distill import distilled, lesson
from offshell.errors import InputError
from offshell.models import PCA, Autoencoder, Ensemble, GaussianMixture, Student, networks
from offshell.models.scaling.events import Standardize


def near_a_plane(rng, n):
    plane = np.random.default_rng(1).normal(size=(2, 6))
    return (rng.normal(size=(n, 2)) @ plane + 0.3 * rng.normal(size=(n, 6))).astype(np.float32)


X, TEST = (near_a_plane(np.random.default_rng(seed), n) for seed, n in ((2, 2000), (3, 500)))
SIGNAL = np.random.default_rng(4).normal(size=(200, 6)).astype(np.float32)
OPTIONS = {"epochs": 30, "learning_rate": 1e-2, "batch_size": 200, "progress": False}


def adapted(teacher):
    teacher.adapt(X)
    return teacher


def network(hidden=(32, 16), size=1):
    keras.utils.set_random_seed(1)
    return networks.dense_encoder(6, hidden=hidden, size=size)


def test_a_student_ranks_events_as_its_teacher_does_and_finds_what_it_finds():
    teacher = adapted(PCA(2, shape=(6,)))
    student, history = distilled(teacher, network(), X, score="mse", scaling=Standardize(group=1), **OPTIONS)
    events = np.concatenate([TEST, SIGNAL])
    by_teacher, by_student = (
        offshell.score(teacher, events)["mse"],
        offshell.score(student, events)["student"],
    )
    assert spearmanr(by_teacher[:500], by_student[:500]).statistic > 0.9
    assert np.median(by_student[500:]) > np.quantile(by_student[:500], 0.9)
    assert history["val_loss"][-1] < 0.2 < history["val_loss"][0]  # of a variance of one


def test_the_lesson_is_the_standardized_logarithm_of_the_score():
    teacher = adapted(PCA(2, shape=(6,)))
    logarithm = np.log(offshell.score(teacher, X)["mse"])
    expected = (logarithm - logarithm.mean()) / logarithm.std()
    np.testing.assert_allclose(lesson(teacher, X, score="mse")(X), expected, rtol=1e-3, atol=1e-3)


def test_a_score_with_a_sign_is_taken_as_it_is():
    teacher = GaussianMixture(shape=(6,), components=1)
    close_together = X / 100  # a high density is a negative nll
    teacher.adapt(close_together)
    nll = offshell.score(teacher, close_together)["nll"]
    assert nll.min() < 0
    told = lesson(teacher, close_together, score="nll")(close_together)
    np.testing.assert_allclose(told, (nll - nll.mean()) / nll.std(), rtol=1e-3, atol=1e-3)


def test_an_ensemble_teaches_the_mean_over_its_members():
    members = [adapted(PCA(components, shape=(6,))) for components in (1, 2)]
    teacher = adapted(Ensemble(members, shape=(6,), n_references=len(X)))
    each = [np.asarray(lesson(member, X, score="mse")(TEST)) for member in members]
    np.testing.assert_allclose(
        lesson(teacher, X, score="mse")(TEST), np.mean(each, axis=0), rtol=1e-5, atol=1e-5
    )


def test_the_teacher_is_neither_changed_nor_saved_with_the_student(tmp_path):
    teacher = Autoencoder(network(size=2), networks.dense_decoder(2, hidden=(8,), features=6))
    before = [w.copy() for w in teacher.get_weights()]
    student, _ = distilled(teacher, network(hidden=(4,)), X, score="mse", epochs=1, progress=False)
    for old, new in zip(before, teacher.get_weights(), strict=True):
        np.testing.assert_array_equal(new, old)
    assert student.teacher is None
    assert len(student.weights) == 4  # two layers, and nothing of the teacher
    student.save(tmp_path / "student.keras")
    loaded = keras.models.load_model(tmp_path / "student.keras")
    np.testing.assert_array_equal(
        offshell.score(loaded, TEST)["student"], offshell.score(student, TEST)["student"]
    )
    with pytest.raises(InputError, match="distillation"):
        offshell.fit(loaded, X, progress=False)


@pytest.mark.slow
def test_a_quantized_network_learns_too():
    teacher = adapted(PCA(2, shape=(6,)))
    keras.utils.set_random_seed(1)
    quantized = keras.Sequential([keras.Input((6,)), QDense(16, activation="relu"), QDense(1)])
    _, history = distilled(teacher, quantized, X, score="mse", **(OPTIONS | {"epochs": 10}))
    assert history["val_loss"][-1] < history["val_loss"][0]


def test_what_cannot_teach_or_learn():
    with pytest.raises(InputError, match="one output"):
        Student(network(size=2))
    with pytest.raises(InputError, match="nothing to teach"):
        distilled(adapted(PCA(2, shape=(6,))), network(), X, score="0 * mse")
    with pytest.raises(InputError, match="bce"):
        distilled(adapted(PCA(2, shape=(6,))), network(), X, score="bce")
