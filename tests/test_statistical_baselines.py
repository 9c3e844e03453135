"""Baselines equal scikit-learn's own answers, and closed forms where there is one."""

import numpy as np
import pytest
from sklearn import covariance, ensemble, mixture, neighbors

import offshell
from offshell.errors import InputError
from offshell.models import GaussianMixture, IsolationForest, Mahalanobis, Neighbors
from offshell.models.baselines.isolation_forest import _expected_path_length
from offshell.models.scaling.events import Standardize

FEATURES = 6


def events(n, *, seed, shift=0.0):
    """Correlated features around a few hundred, as GeV are; the last feature is that of a padded object."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, FEATURES)) @ rng.normal(size=(FEATURES, FEATURES)) * 30 + 300 + shift
    x[:, -1] = 0
    return x.astype(np.float32)


BACKGROUND = events(600, seed=1)
OTHERS = np.concatenate([events(300, seed=2), events(100, seed=3, shift=40)])


def adapted(model, x=BACKGROUND):
    model.adapt(x)
    return model


def test_mahalanobis_equals_that_of_scikit_learn():
    fitted = covariance.LedoitWolf().fit(BACKGROUND.astype(np.float64))
    model = adapted(Mahalanobis(shape=(FEATURES,)))
    assert offshell.score(model, OTHERS)["mahalanobis"] == pytest.approx(
        fitted.mahalanobis(OTHERS.astype(np.float64)), rel=1e-3
    )


def test_mahalanobis_of_independent_features_counts_standard_deviations():
    x = np.random.default_rng(1).normal(size=(200_000, 2)) * [2, 5] + [1, -1]
    model = adapted(Mahalanobis(shape=(2,)), x.astype(np.float32))
    points = np.array([[1, -1], [3, -1], [1, 9], [-1, 4]], np.float32)
    assert offshell.score(model, points)["mahalanobis"] == pytest.approx([0, 1, 4, 2], rel=0.02, abs=1e-3)


def test_neighbors_equal_those_of_scikit_learn():
    model = adapted(Neighbors(shape=(FEATURES,), neighbors=4, references=200))
    search = neighbors.NearestNeighbors(n_neighbors=4).fit(np.asarray(model.events))
    assert offshell.score(model, OTHERS)["distance"] == pytest.approx(
        search.kneighbors(OTHERS)[0].mean(axis=1), rel=1e-5
    )


def test_neighbors_are_background_events_and_none_is_taken_twice():
    chosen = np.asarray(adapted(Neighbors(shape=(FEATURES,), neighbors=1, references=600)).events)
    assert sorted(map(tuple, chosen)) == sorted(map(tuple, BACKGROUND))


def test_distance_to_one_neighbor_in_the_plane():
    corners = np.array([[0, 0], [6, 8]], np.float32)
    model = adapted(Neighbors(shape=(2,), neighbors=2, references=2), corners)
    assert offshell.score(model, corners)["distance"] == pytest.approx([5, 5])


def test_of_fewer_events_all_are_kept_and_empty_places_are_nobodys_neighbors():
    corners = np.array([[1.0, 0.0], [3.0, 0.0]], np.float32)
    model = adapted(Neighbors(shape=(2,), neighbors=2, references=50), corners)
    assert offshell.score(model, np.array([[0.0, 0.0]], np.float32))["distance"] == pytest.approx([2.0])


@pytest.mark.parametrize("samples", [2, 100, 256])
def test_forest_equals_that_of_scikit_learn(samples):
    forest = ensemble.IsolationForest(n_estimators=30, max_samples=samples, random_state=5).fit(BACKGROUND)
    model = adapted(IsolationForest(shape=(FEATURES,), trees=30, samples=samples, seed=5))
    assert offshell.score(model, OTHERS)["isolation"] == pytest.approx(
        -forest.score_samples(OTHERS), abs=1e-6
    )


def test_forest_equals_that_of_scikit_learn_for_events_on_its_cuts():
    x = np.random.default_rng(1).normal(size=(300, 1)).astype(np.float32)
    forest = ensemble.IsolationForest(n_estimators=30, max_samples=64, random_state=5).fit(x)
    cuts = np.concatenate([one.tree_.threshold for one in forest.estimators_]).astype(np.float32)
    nearby = np.concatenate([np.nextafter(cuts, np.float32(side)) for side in (-9, 9)])
    points = np.concatenate([cuts, nearby])[:, None]
    model = adapted(IsolationForest(shape=(1,), trees=30, samples=64, seed=5), x)
    assert offshell.score(model, points)["isolation"] == pytest.approx(
        -forest.score_samples(points), abs=1e-6
    )


def test_expected_path_length_is_that_of_a_random_search_tree():
    # 2 H(n - 1) - 2 (n - 1) / n with the exact harmonic number; the forest's logarithm is its approximation
    n = 256
    exact = 2 * sum(1 / i for i in range(1, n)) - 2 * (n - 1) / n
    assert _expected_path_length(np.array([0, 1, 2, n])) == pytest.approx([0, 0, 1, exact], abs=0.01)


@pytest.mark.parametrize("components", [1, 3])
def test_mixture_equals_that_of_scikit_learn(components):
    fitted = mixture.GaussianMixture(components, reg_covar=1e-3, max_iter=500, random_state=5)
    fitted.fit(BACKGROUND.astype(np.float64))
    model = adapted(GaussianMixture(shape=(FEATURES,), components=components, seed=5))
    assert offshell.score(model, OTHERS)["nll"] == pytest.approx(
        -fitted.score_samples(OTHERS.astype(np.float64)), rel=1e-3
    )


def test_mixture_of_one_gaussian_is_the_gaussian_density():
    x = np.random.default_rng(1).normal(size=(200_000, 1)).astype(np.float32)
    model = adapted(GaussianMixture(shape=(1,), components=1), x)
    points = np.array([[0], [2]], np.float32)
    expected = np.log(2 * np.pi) / 2 + np.array([0, 2])
    assert offshell.score(model, points)["nll"] == pytest.approx(expected, abs=0.02)


MODELS = {
    "mahalanobis": lambda **scaling: Mahalanobis(shape=(FEATURES,), **scaling),
    "neighbors": lambda **scaling: Neighbors(shape=(FEATURES,), neighbors=2, references=50, **scaling),
    "forest": lambda **scaling: IsolationForest(shape=(FEATURES,), trees=10, samples=32, **scaling),
    "mixture": lambda **scaling: GaussianMixture(shape=(FEATURES,), components=2, **scaling),
}


@pytest.mark.parametrize("build", MODELS.values(), ids=list(MODELS))
def test_scaling_in_the_model_is_scaling_before_the_model(build):
    model = adapted(build(scaling=Standardize()))
    scaled = np.asarray(model.scaled(BACKGROUND)), np.asarray(model.scaled(OTHERS))
    outside = adapted(build(), scaled[0])
    term = model.default_loss
    assert offshell.score(model, OTHERS)[term] == pytest.approx(
        offshell.score(outside, scaled[1])[term], rel=1e-4
    )


@pytest.mark.parametrize("build", MODELS.values(), ids=list(MODELS))
def test_a_feature_that_never_varied_leaves_scores_finite(build):
    appeared = OTHERS.copy()
    appeared[:, -1] = 50
    model = adapted(build(scaling=Standardize()))
    for x in (OTHERS, appeared):
        assert np.isfinite(offshell.score(model, x)[model.default_loss]).all()


@pytest.mark.parametrize("build", MODELS.values(), ids=list(MODELS))
def test_too_few_background_events_are_refused_in_one_line(build):
    with pytest.raises(InputError, match=r"Too few events for .*Received: 1"):
        build().adapt(BACKGROUND[:1])


@pytest.mark.parametrize(
    "build",
    [
        lambda: Neighbors(shape=(FEATURES,), neighbors=11, references=10),
        lambda: Neighbors(shape=(FEATURES,), neighbors=0),
        lambda: IsolationForest(shape=(FEATURES,), samples=1),
        lambda: IsolationForest(shape=(FEATURES,), trees=0),
        lambda: GaussianMixture(shape=(FEATURES,), components=0),
    ],
)
def test_numbers_that_make_no_detector_are_refused_in_one_line(build):
    with pytest.raises(InputError, match=r"Expected: .* Received: ") as caught:
        build()
    assert "\n" not in str(caught.value)


def test_images_are_vectors_of_pixels():
    images = np.random.default_rng(1).random((100, 4, 4, 1)).astype(np.float32)
    model = adapted(Mahalanobis(shape=(4, 4, 1)), images)
    flat = adapted(Mahalanobis(shape=(16,)), images.reshape(100, 16))
    expected = offshell.score(flat, images.reshape(100, 16))["mahalanobis"]
    assert offshell.score(model, images)["mahalanobis"] == pytest.approx(expected, rel=1e-5)
