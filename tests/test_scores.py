"""Scores: all terms in one pass, whatever the batches."""

import numpy as np
import pytest

import offshell
from offshell.errors import InputError
from offshell.evaluate.scores import Scores
from offshell.models import PCA

X = np.random.default_rng(1).normal(size=(50, 6)).astype(np.float32)


@pytest.fixture(scope="module")
def model():
    model = PCA(2, shape=(6,))
    offshell.fit(model, X, progress=False)
    return model


def test_score_is_the_distance_from_the_plane(model):
    projected = np.asarray(model.reconstruct(X))
    assert offshell.score(model, X)["mse"] == pytest.approx(np.square(X - projected).sum(axis=1), rel=1e-4)


@pytest.mark.parametrize("batch_size", [1, 7, 32, 64])
def test_batches_do_not_matter(model, batch_size):
    whole = offshell.score(model, X)["mse"]
    assert offshell.score(model, X, batch_size=batch_size)["mse"] == pytest.approx(whole, rel=1e-4)


@pytest.mark.parametrize(("shape", "largest"), [((6,), 4096), ((4, 4, 1), 128)])
def test_vectors_are_handled_in_larger_batches_than_images(shape, largest, monkeypatch):
    model, x = PCA(1, shape=shape), np.zeros((5000, *shape), np.float32)
    sizes, terms = set(), model.compiled_terms
    monkeypatch.setattr(
        model, "compiled_terms", lambda *weights: sizes.add(len(weights[-1])) or terms(*weights)
    )
    offshell.score(model, x)
    assert max(sizes) == largest


def test_only_one_part_of_an_iterable_is_held_at_a_time(model):
    alive = []

    def parts():
        for start in range(0, 50, 10):
            alive.append(start)
            yield X[start : start + 10]

    scores = offshell.score(model, parts())
    assert alive == [0, 10, 20, 30, 40]
    assert scores["mse"] == pytest.approx(offshell.score(model, X)["mse"], rel=1e-4)


def test_weighted_sums_are_keys_too():
    scores = Scores(a=np.array([1.0, 2.0]), b=np.array([1.0, 1.0]))
    assert scores["a + 2 * b"].tolist() == [3.0, 4.0]
    assert set(scores) == {"a", "b"}
    with pytest.raises(InputError, match="Unknown term 'c'"):
        scores["a + c"]


@pytest.mark.parametrize(("x", "message"), [(X[:0], "nothing to score"), (X * np.nan, "not finite")])
def test_bad_input_gets_one_clear_line(model, x, message):
    with pytest.raises(InputError, match=message):
        offshell.score(model, x)


def test_a_score_that_overflows_names_its_event(model):
    x = X.copy()
    x[13] = 1e20
    with pytest.raises(InputError, match=r"Values of 'mse' are not finite.*event 13 \(from 0\)"):
        offshell.score(model, x, batch_size=4)
    with pytest.raises(InputError, match=r"event 63 \(from 0\)"):
        offshell.score(model, iter([X, x]), batch_size=8)


def test_an_event_that_is_not_finite_is_named(model):
    x = X.copy()
    x[7, 2] = np.inf
    with pytest.raises(InputError, match=r"Events to score are not finite.*event 7 \(from 0\)"):
        offshell.score(model, x)
