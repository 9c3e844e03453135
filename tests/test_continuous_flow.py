"""Flow matching and diffusion with the exact velocity of Gaussian events, for which everything has a closed form."""

import keras
import numpy as np
import pytest
from jax import numpy as jnp
from scipy.stats import norm

import offshell
from offshell.errors import InputError
from offshell.models.densities.conditions import assembled
from offshell.models.densities.paths.diffusion import Diffusion
from offshell.models.densities.paths.flow_matching import FlowMatching
from offshell.models.scaling.clouds import StandardizeClouds

MEAN, WIDTH = 0.5, 2.0
N_PARTICLES = 8
KINDS = [FlowMatching, Diffusion]


class GaussianVelocity(keras.layers.Layer):
    """What a network should say of events whose coordinates are independent Gaussians, for the path of a detector."""

    def __init__(self, path):
        super().__init__()
        self.along = path

    def call(self, x_t, time):
        a, b, a_rate, b_rate = self.along(time if len(x_t.shape) == 2 else time[..., None])
        pull = (x_t - a * MEAN) / (a**2 * WIDTH**2 + b**2)
        return a_rate * (MEAN + a * WIDTH**2 * pull) + b_rate * b * pull


def of_vectors(kind, features=3, **options):
    x_t, time, present = inputs = [keras.Input((size,)) for size in (features, 1, features)]
    velocity = GaussianVelocity(lambda t: kind.probability_path(None, t))(x_t, time)
    return kind(keras.Model(inputs, velocity * present), **options)


def of_clouds(kind, columns=5, **options):
    shapes = [(N_PARTICLES, 3), (1,), (columns - 3,), (N_PARTICLES, 1)]
    x_t, time, _, mask = inputs = [keras.Input(shape) for shape in shapes]
    velocity = GaussianVelocity(lambda t: kind.probability_path(None, t))(x_t, time)
    return kind(keras.Model(inputs, velocity * mask), scaling=StandardizeClouds(), **options)


def clouds(n=200, *, columns=5, seed=3):
    """Jets with one to all particles, whose eta, phi and log pt are Gaussian, by falling pt."""
    rng = np.random.default_rng(seed)
    coordinates = rng.normal(MEAN, WIDTH, size=(n, N_PARTICLES, 3)).astype(np.float32)
    coordinates[..., 2] = -np.sort(-np.exp(coordinates[..., 2]), axis=1)
    mask = (np.arange(N_PARTICLES) < rng.integers(1, N_PARTICLES + 1, size=(n, 1)))[..., None]
    jet_pt = rng.choice([500.0, 600.0], size=n).astype(np.float32) if columns == 5 else None
    return np.asarray(assembled(coordinates, mask.astype(np.float32), jet_pt=jet_pt), np.float32)


def gaussian_nll(coordinates, present=1.0):
    nll = -norm(MEAN, WIDTH).logpdf(coordinates) * present
    return nll.reshape(len(nll), -1).sum(axis=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("features", [3, 17], ids=["exact-trace", "random-signs"])
def test_likelihood_of_gaussian_events_is_that_of_the_gaussian(kind, features):
    """Of independent coordinates the trace along random signs is exact, too."""
    x = np.random.default_rng(1).normal(MEAN, WIDTH, size=(64, features)).astype(np.float32)
    nll = offshell.score(of_vectors(kind, features, likelihood_steps=100), x)["nll"]
    assert nll == pytest.approx(gaussian_nll(x), abs=2e-3 * features)


def padded(x):
    """The last feature is absent from most events, and the one before from some of these."""
    present = np.arange(x.shape[1]) < np.random.default_rng(4).choice(
        [1, 2, 3], p=[0.2, 0.5, 0.3], size=(len(x), 1)
    )
    return np.where(present, x, 0).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_likelihood_of_a_vector_counts_the_features_that_are_there(kind):
    x = padded(np.random.default_rng(1).normal(MEAN, WIDTH, size=(64, 3)))
    nll = offshell.score(of_vectors(kind, likelihood_steps=100), x)["nll"]
    assert nll == pytest.approx(gaussian_nll(x, x != 0), abs=6e-3)


def test_generated_vectors_lack_what_the_background_lacks():
    x = padded(np.random.default_rng(1).normal(MEAN, WIDTH, size=(4000, 3)))
    model = of_vectors(FlowMatching)
    model.adapt(x)
    made = model.generate(4096, seed=1)
    assert (made != 0).mean(axis=0) == pytest.approx((x != 0).mean(axis=0), abs=4 * 0.5 / 60)
    assert not ((made[:, 1] == 0) & (made[:, 2] != 0)).any()
    assert made[made[:, 2] != 0, 2].mean() == pytest.approx(MEAN, abs=4 * WIDTH / 30)


@pytest.mark.parametrize("kind", KINDS)
def test_generated_events_have_the_moments_of_the_gaussian(kind):
    x = of_vectors(kind).generate(4096, seed=1)
    assert x.shape == (4096, 3)
    assert x.dtype == np.float32
    assert x.mean(axis=0) == pytest.approx(MEAN, abs=4 * WIDTH / 64)
    assert x.std(axis=0) == pytest.approx(WIDTH, rel=4 / np.sqrt(2 * 4096))
    assert np.corrcoef(x.T)[np.triu_indices(3, 1)] == pytest.approx(0, abs=4 / 64)


@pytest.mark.parametrize("kind", KINDS)
def test_denoised_events_are_the_mean_of_those_that_could_have_been(kind):
    model = of_vectors(kind)
    time = np.array([[0.25], [0.5], [1.0]], np.float32)
    a, b, _, _ = (np.asarray(part) for part in model.probability_path(time))
    x_t = np.random.default_rng(2).normal(size=(3, 3)).astype(np.float32)
    all_there = [jnp.ones_like(x_t)]
    expected = MEAN + a * WIDTH**2 * (x_t - a * MEAN) / (a**2 * WIDTH**2 + b**2)
    assert np.asarray(model.denoised(jnp.asarray(x_t), time, all_there)) == pytest.approx(expected, abs=1e-5)
    assert np.asarray(model.denoised(jnp.asarray(x_t), time, all_there))[2] == pytest.approx(x_t[2], abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_training_term_has_the_expectation_of_the_velocity_that_cannot_be_known(kind):
    """The variance of dx_t/dt given x_t, in closed form: (a' b - a b')^2 s^2 / (a^2 s^2 + b^2) for each coordinate."""
    x = np.random.default_rng(1).normal(MEAN, WIDTH, size=(40_000, 3)).astype(np.float32)
    model = of_vectors(kind)
    term = np.asarray(model(x, training=True)[model.default_loss])
    a, b, a_rate, b_rate = (
        np.asarray(part) for part in model.probability_path(np.linspace(0, 1, 1001, dtype=np.float32))
    )
    variance = (a_rate * b - a * b_rate) ** 2 * WIDTH**2 / (a**2 * WIDTH**2 + b**2)
    assert term.mean() == pytest.approx(3 * np.trapezoid(variance, dx=1e-3), abs=4 * float(term.std()) / 200)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("time", [0.0, 0.3, 1.0])
def test_path_begins_as_noise_and_ends_as_the_event_and_knows_its_rates(kind, time):
    a, b, a_rate, b_rate = (float(part) for part in kind.probability_path(None, np.float64(time)))
    if time in {0, 1}:
        assert (a, b) == pytest.approx((time, 1 - time), abs=1e-7)
    before, after = (kind.probability_path(None, np.float64(time + step)) for step in (-1e-3, 1e-3))
    assert float(after.signal - before.signal) / 2e-3 == pytest.approx(a_rate, abs=1e-3)
    assert float(after.noise - before.noise) / 2e-3 == pytest.approx(b_rate, abs=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_denoising_error_is_that_of_the_velocity_at_fixed_times_with_fixed_noise(kind):
    x = np.random.default_rng(1).normal(MEAN, WIDTH, size=(16, 3)).astype(np.float32)
    model = of_vectors(kind)
    errors = []
    for time, noise in zip((0.6, 0.7, 0.8, 0.9), np.asarray(model.noises), strict=True):
        a, b, a_rate, b_rate = (float(part) for part in model.probability_path(np.float32(time)))
        # What the exact velocity leaves is a multiple of how far the noise is from what is expected of it.
        unexpected = noise - b * (a * (x - MEAN) + b * noise) / (a**2 * WIDTH**2 + b**2)
        errors.append((((a_rate * b - a * b_rate) / a * unexpected) ** 2).mean(axis=1))
    assert offshell.score(model, x)["denoising_error"] == pytest.approx(np.mean(errors, axis=0), rel=1e-3)


def test_speed_is_the_squared_norm_of_the_event_once_all_is_learned():
    x = np.random.default_rng(1).normal(MEAN, WIDTH, size=(16, 3)).astype(np.float32)
    assert offshell.score(of_vectors(FlowMatching), x)["speed"] == pytest.approx((x**2).sum(axis=1), rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_likelihood_of_a_cloud_counts_its_particles_only(kind):
    x = clouds(16)
    model = of_clouds(kind, likelihood_steps=100)
    coordinates = np.asarray(model.scaling(x))[..., :3]
    nll = offshell.score(model, x)["nll"]
    assert nll == pytest.approx(gaussian_nll(coordinates, x[..., -1:]), abs=0.05)


@pytest.mark.parametrize("columns", [4, 5])
def test_generated_clouds_are_like_the_background_and_sorted(columns):
    x = clouds(columns=columns)
    model = of_clouds(FlowMatching, columns)
    model.adapt(x)
    # The exact field speaks of coordinates that were not standardized.
    model.scaling.mean.assign(np.zeros(3))
    model.scaling.width.assign(np.ones(3))
    generated = model.generate(1000, seed=1)
    assert generated.shape == (1000, N_PARTICLES, columns)
    mask = generated[..., -1] > 0
    assert (generated[~mask] == 0).all()
    assert (np.diff(generated[..., 2], axis=1) <= 0).all()
    assert mask.sum(axis=1).mean() == pytest.approx(x[..., -1].sum(axis=1).mean(), abs=0.3)
    for coordinate in (generated[mask][:, 0], generated[mask][:, 1], np.log(generated[mask][:, 2])):
        assert coordinate.mean() == pytest.approx(MEAN, abs=4 * WIDTH / np.sqrt(mask.sum()))
        assert coordinate.std() == pytest.approx(WIDTH, rel=4 / np.sqrt(2 * mask.sum()))
    if columns == 5:
        jet_pt = generated[..., 3]
        assert set(np.unique(jet_pt[mask])) == {500, 600}
        assert (
            jet_pt.max(axis=1, keepdims=True) == np.where(mask, jet_pt, jet_pt.max(axis=1, keepdims=True))
        ).all()


def test_the_same_seed_generates_the_same_events_however_many_are_asked_for():
    model = of_vectors(Diffusion)
    some = model.generate(10, seed=1)
    np.testing.assert_array_equal(model.generate(20, seed=1)[:10], some)
    assert (model.generate(10, seed=2) != some).any()


def test_events_to_generate_are_at_least_one():
    with pytest.raises(InputError, match="n_events=0"):
        of_vectors(FlowMatching).generate(0, seed=1)
