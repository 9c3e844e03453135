"""Flows against densities that are known: a Gaussian's entropy, a mixture, two moons, and the sum of all probabilities."""

import keras
import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

import offshell
from offshell.errors import InputError
from offshell.models.densities.flows.flow import Flow
from offshell.models.scaling.events import Standardize

COVARIANCE = np.array([[1.0, 0.8], [0.8, 1.0]])
MEANS = np.array([[-2.0, 0.0], [2.0, 1.0], [0.0, -2.0]])
ANGLES = (np.arange(100) + 0.5) / 100 * np.pi
MOONS = np.concatenate(
    [
        np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]),
        np.column_stack([1 - np.cos(ANGLES), 0.5 - np.sin(ANGLES)]),
    ]
)


def spots(n, centers, width, *, seed):
    """Points around centers; two moons are the two hundred centers along two arcs."""
    rng = np.random.default_rng(seed)
    return (rng.choice(centers, n) + width * rng.normal(size=(n, 2))).astype(np.float32)


def nll_of_spots(x, centers, width):
    """The true negative log-density, also of moons: nothing is approximated but by the sum over the centers."""
    distance2 = np.sum((x[:, None] - centers) ** 2, axis=2)
    return np.log(2 * np.pi * width**2 * len(centers)) - logsumexp(-distance2 / (2 * width**2), axis=1)


def trained(x, *, transform, epochs, layers=4):
    keras.utils.set_random_seed(1)
    model = Flow(shape=(2,), transform=transform, layers=layers, hidden=(32,), scaling=Standardize(group=1))
    offshell.fit(
        model, x, epochs=epochs, learning_rate=5e-3, batch_size=256, patience=99, plateau=3, progress=False
    )
    return model


def nll(model, x):
    """In the units of x; the detector's own is in those of the scaled event."""
    return offshell.score(model, x)["nll"] + np.log(np.asarray(model.scaling.width)).sum()


@pytest.fixture(scope="module")
def moons():
    return trained(spots(8000, MOONS, 0.15, seed=1), transform="spline", epochs=20)


@pytest.fixture(scope="module")
def gaussian():
    rng = np.random.default_rng(1)
    x = rng.multivariate_normal([3, -1], COVARIANCE, size=4000).astype(np.float32)
    return trained(x, transform="affine", epochs=10, layers=2)


def test_an_affine_flow_reaches_the_entropy_of_a_gaussian(gaussian):
    truth = multivariate_normal([3, -1], COVARIANCE)
    x = truth.rvs(5000, random_state=2).astype(np.float32)
    gap = nll(gaussian, x) + truth.logpdf(x)
    assert abs(gap.mean()) < 0.02


def test_the_gap_to_two_moons_is_small(moons):
    x = spots(5000, MOONS, 0.15, seed=2)
    gap = nll(moons, x) - nll_of_spots(x, MOONS, 0.15)
    assert 0 < gap.mean() < 0.1


@pytest.mark.slow  # two moons say the same every day
def test_the_gap_to_a_mixture_is_small():
    model = trained(spots(4000, MEANS, 0.5, seed=1), transform="spline", epochs=10, layers=2)
    x = spots(5000, MEANS, 0.5, seed=2)
    gap = nll(model, x) - nll_of_spots(x, MEANS, 0.5)
    assert 0 < gap.mean() < 0.1


@pytest.mark.parametrize("name", ["gaussian", "moons"])
def test_all_probabilities_add_up_to_one(name, request):
    axis = np.linspace(-10, 10, 200, dtype=np.float32)
    x = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    total = np.exp(-nll(request.getfixturevalue(name), x).astype(np.float64)).sum() * (axis[1] - axis[0]) ** 2
    assert total == pytest.approx(1, abs=2e-3)


def test_generated_events_are_those_of_the_density(gaussian):
    x = gaussian.generate(3000, seed=1)
    np.testing.assert_allclose(x.mean(axis=0), [3, -1], atol=0.08)
    np.testing.assert_allclose(np.cov(x.T), COVARIANCE, atol=0.1)
    np.testing.assert_array_equal(gaussian.generate(3000, seed=1), x)
    assert (gaussian.generate(3000, seed=2) != x).any()


def test_normal_coordinates_are_normal_and_z2_is_their_length(gaussian):
    x = np.random.default_rng(3).multivariate_normal([3, -1], COVARIANCE, size=2000).astype(np.float32)
    z = np.asarray(gaussian.latents(x)["normal"])
    np.testing.assert_allclose(np.cov(z.T), np.eye(2), atol=0.1)
    np.testing.assert_allclose(offshell.score(gaussian, x)["z2"], (z**2).sum(axis=1), rtol=1e-4)


def test_a_feature_that_many_events_share_is_refused():
    x = np.random.default_rng(1).normal(size=(100, 3)).astype(np.float32)
    x[:10, 1] = 7
    with pytest.raises(InputError, match=r"Feature 1 has no density.* 10 of 100 events with the value 7\.$"):
        Flow(shape=(3,)).adapt(x)


def test_features_that_are_not_there_count_by_how_often_that_happens_alone():
    """A flow without weights is the identity: of independent normal features each that is there has its own density."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 3)).astype(np.float32)
    x[:300, 2] = 0
    model = Flow(shape=(3,), transform="affine", layers=2, hidden=(4,))
    model.adapt(x)
    for weight in model.chain.variables:
        weight.assign(np.zeros(weight.shape))
    scores = offshell.score(model, x)
    assert scores["nll"] == pytest.approx((x**2 + (x != 0) * np.log(2 * np.pi)).sum(axis=1) / 2, rel=1e-5)
    # After Jeffreys' prior; the two features that are always there are nearly certain.
    certain = -2 * np.log(400.5 / 401)
    shares = np.where(x[:, 2] == 0, 300.5 / 401, 100.5 / 401)
    assert scores["multiplicity"] == pytest.approx(certain - np.log(shares), rel=1e-5)


def test_generated_events_lack_what_the_background_lacks():
    x = np.random.default_rng(1).normal(2.0, 1.0, size=(400, 6)).astype(np.float32)
    x[:300, 3:] = 0
    model = Flow(shape=(6,), layers=2, hidden=(4,), scaling=Standardize())
    model.adapt(x)
    made = model.generate(2000, seed=1)
    absent = made[:, 3:] == 0
    assert (absent.all(axis=1) == absent.any(axis=1)).all()  # an object as a whole
    assert absent.all(axis=1).mean() == pytest.approx(0.75, abs=4 * 0.5 / 45)
    assert (made[:, :3] != 0).all()


def test_nothing_cannot_be_generated():
    with pytest.raises(InputError, match="n_events=0"):
        Flow(shape=(3,)).generate(0, seed=1)
