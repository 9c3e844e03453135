"""New events, groups and compression, on networks whose answer is known."""

import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.evaluate import cluster, compression_ratio
from offshell.evaluate.description.latents import codes
from offshell.models import PCA, VAE, Autoencoder, JointVAE
from offshell.models.baselines.observables import Observables
from offshell.models.scaling.events import PowerOfTwo, Standardize

OBJECTS = np.random.default_rng(1).normal([50, 1, 0], [10, 2, 1], size=(400, 2, 3))
EVENTS = np.abs(OBJECTS).reshape(400, 6).astype(np.float32)


def linear(n_inputs, n_outputs):
    """A network that passes on what it gets, cut or padded with zeros."""
    dense = keras.layers.Dense(n_outputs, use_bias=False)
    network = keras.Sequential([keras.Input((n_inputs,)), dense])
    dense.kernel.assign(np.eye(n_inputs, n_outputs))
    return network


# Generation


def test_a_vae_generates_what_the_decoder_makes_of_a_standard_normal():
    events = VAE(linear(6, 3), linear(3, 6)).generate(20_000, seed=1)
    assert (events.shape, events.dtype) == ((20_000, 6), np.float32)
    np.testing.assert_allclose(np.cov(events[:, :3].T), np.eye(3), atol=0.03)
    np.testing.assert_allclose(events.mean(0), 0, atol=0.03)
    assert not events[:, 3:].any()


def test_a_joint_vae_generates_one_class_of_each_variable_with_equal_chance():
    model = JointVAE(linear(6, 3), linear(8, 8), gaussian=2, categorical=2, classes=3)
    events = model.generate(10_000, seed=1)
    classes = events[:, 2:].reshape(-1, 2, 3)
    assert set(np.unique(classes)) == {0, 1}
    assert (classes.sum(axis=2) == 1).all()
    np.testing.assert_allclose(classes.mean(axis=0), 1 / 3, atol=0.02)
    assert abs(np.corrcoef(classes[:, 0, 0], classes[:, 1, 0])[0, 1]) < 0.05


@pytest.mark.parametrize("scaling", [Standardize(), PowerOfTwo()])
def test_generated_events_have_the_units_of_the_input(scaling):
    model = VAE(linear(6, 6), linear(6, 6), scaling=scaling)
    model.adapt(EVENTS)
    events = model.generate(500, seed=3)
    plain = VAE(linear(6, 6), linear(6, 6)).generate(500, seed=3)
    np.testing.assert_allclose(np.asarray(scaling.transform(events)), plain, atol=1e-3)
    assert 35 < events[:, 0].mean() < 65


def test_the_seed_decides():
    model = VAE(linear(6, 3), linear(3, 6))
    np.testing.assert_array_equal(model.generate(5, seed=1), model.generate(5, seed=1))
    assert (model.generate(5, seed=1) != model.generate(5, seed=2)).any()


# Codes and clusters


def test_codes_are_those_of_every_batch(rng):
    model = Autoencoder(linear(6, 2), linear(2, 6))
    x = rng.normal(size=(2500, 6)).astype(np.float32)
    np.testing.assert_array_equal(codes(model, x), x[:, :2])


def test_codes_join_all_bottlenecks():
    model = JointVAE(linear(6, 3), linear(8, 6), gaussian=2, categorical=2, classes=3)
    joined = codes(model, EVENTS)
    assert joined.shape == (400, 8)
    np.testing.assert_allclose(joined[:, 2:].reshape(-1, 2, 3).sum(axis=2), 1, rtol=1e-5)


def test_clusters_find_groups_of_alike_events_the_largest_first(rng):
    x = rng.normal(size=(60, 6)).astype(np.float32)
    truth = np.repeat([2, 0, 1], [10, 30, 20])
    x[:, 0] += 100 * truth
    model = Autoencoder(linear(6, 2), linear(2, 6))
    assert all((cluster(model, x, n_clusters=3, seed=seed) == truth).all() for seed in range(4))


# Compression


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # Seed 001 compresses 57 inputs to 3.
        (Autoencoder(linear(57, 3), linear(3, 57)), 54 / 57),
        (Autoencoder(linear(6, 9), linear(9, 6)), -0.5),
        (JointVAE(linear(6, 3), linear(5, 6), gaussian=2, categorical=1, classes=3), 1 / 6),
        (PCA(3, shape=(4, 5, 1)), 17 / 20),
    ],
    ids=["Autoencoder", "over-complete", "JointVAE", "PCA of images"],
)
def test_the_compression_ratio_is_that_of_the_lecture(model, expected):
    assert compression_ratio(model) == pytest.approx(expected)


# Input


def test_what_cannot_be_done_is_refused():
    model = Autoencoder(linear(6, 2), linear(2, 6))
    with pytest.raises(InputError, match=r"does not generate.*Received: Autoencoder"):
        model.generate(3, seed=1)
    with pytest.raises(InputError, match="n_events=0"):
        VAE(linear(6, 3), linear(3, 6)).generate(0, seed=1)
    with pytest.raises(InputError, match=r"1 to the number of events, 400\. Received: n_clusters=401"):
        cluster(model, EVENTS, n_clusters=401)
    with pytest.raises(InputError, match="Events do not fit"):
        codes(model, np.ones((3, 5)))
    with pytest.raises(InputError, match="at least one"):
        codes(model, np.ones((0, 6)))
    with pytest.raises(InputError, match=r"no latent space.*Observables"):
        compression_ratio(Observables())
