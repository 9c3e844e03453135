"""Langevin chains with a known end, and a normalized autoencoder on a toy where a plain one fails."""

import jax.numpy as jnp
import keras
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

import offshell
from offshell.errors import CollapseWarning
from offshell.models import NormalizedAutoencoder, networks
from offshell.models.autoencoders.langevin import langevin


def bowl(x):
    return jnp.sum(jnp.square(x), axis=1) / 2


def test_chain_without_noise_falls_geometrically():
    end = langevin(bowl, jnp.full((1, 3), 0.5), jnp.zeros((4, 1, 3)), step=0.1)
    assert np.asarray(end) == pytest.approx(np.full((1, 3), 0.5 * 0.9**4), rel=1e-5)


def test_chain_in_a_bowl_has_the_stationary_variance_of_its_recurrence():
    """x <- (1 - l) x + e has the variance s2 / (1 - (1 - l)^2)."""
    step, noise = 0.3, 0.2
    epsilon = noise * np.random.default_rng(0).normal(size=(50, 20000, 1))
    end = np.asarray(langevin(bowl, jnp.zeros((20000, 1)), jnp.asarray(epsilon), step=step))
    assert end.var() == pytest.approx(noise**2 / (1 - (1 - step) ** 2), rel=0.03)


def test_steep_energy_cannot_throw_a_chain_far():
    end = langevin(lambda x: 1e6 * bowl(x), jnp.full((1, 2), 5.0), jnp.zeros((3, 1, 2)), step=1.0)
    assert np.linalg.norm(end - 5.0) <= 3 + 1e-5


def blobs(n):
    """Points in four round blobs at the corners of a square."""
    rng = np.random.default_rng(0)
    return (rng.choice([-1.0, 1.0], size=(n, 2)) + 0.15 * rng.normal(size=(n, 2))).astype(np.float32)


def between(n):
    """Points of a larger square that lie at least four widths from each blob."""
    points = np.random.default_rng(1).uniform(-1.6, 1.6, size=(n, 2)).astype(np.float32)
    return points[np.linalg.norm(np.abs(points) - 1, axis=1) > 0.6]


def trained(loss, *, step=0.1, **options):
    """An autoencoder with more codes than features, after training on the blobs."""
    keras.utils.set_random_seed(1)
    halves = (
        networks.dense_encoder(2, hidden=(16,), size=8),
        networks.dense_decoder(8, hidden=(16,), features=2),
    )
    model = NormalizedAutoencoder(*halves, steps=5, step=step)
    training = {"epochs": 30, "learning_rate": 3e-3, "patience": 30} | options
    offshell.fit(model, blobs(2000), loss=loss, progress=False, **training)
    return model


def energies(loss):
    """In and between the blobs."""
    model = trained(loss)
    return [offshell.score(model, points)["mse"] for points in (blobs(2000), between(3000))]


def separation(inside, outside):
    return roc_auc_score(np.repeat([0, 1], [len(inside), len(outside)]), np.concatenate([inside, outside]))


def test_negative_samples_raise_the_energy_where_there_is_no_background():
    plain, normalized = energies("mse"), energies("mse + shortfall")
    assert np.median(normalized[1]) > 3 * np.median(plain[1])
    assert separation(*normalized) > 0.96
    assert separation(*plain) < 0.93


def test_balance_of_energies_in_closed_form():
    """A network that always says zero has the energy |x|^2; of the samples that is the length of the noise."""
    halves = networks.dense_encoder(2, hidden=(), size=2), networks.dense_decoder(2, hidden=(), features=2)
    model = NormalizedAutoencoder(*halves, steps=1, noise=0.0)
    model.decoder.layers[-1].kernel.assign(np.zeros((2, 2)))
    x = blobs(64)
    found = {name: np.asarray(term) for name, term in model(x, training=True).items()}
    energy = (x**2).sum(axis=1)
    assert found["mse"] == pytest.approx(energy, rel=1e-5)
    assert not found["negative_energy"].any()
    assert found["shortfall"] == pytest.approx(np.full(64, energy.mean()), rel=1e-5)
    assert found["imbalance"] == pytest.approx(np.full(64, 2 * energy.mean()), rel=1e-5)


def test_the_networks_are_trained_without_samples_once():
    model = trained("mse + shortfall", epochs=1)
    assert model.pretraining() is None
    assert model.relative_rate(model.trainable_variables[0]) == 0.1


def test_a_training_that_throws_its_samples_away_is_noticed(monkeypatch):
    """Without a lower bound the loss falls for ever, and its best epoch is the last; the imbalance ends it before."""
    monkeypatch.setattr(NormalizedAutoencoder, "validated_by", None)
    with pytest.warns(
        CollapseWarning, match=r"samples of a NormalizedAutoencoder do not follow the background"
    ):
        runaway = trained("mse - negative_energy", step=1e-4, learning_rate=3e-2)
    monkeypatch.setattr(NormalizedAutoencoder, "validated_by", "imbalance")
    background, sampled = np.asarray(trained("mse - negative_energy", step=1e-4, learning_rate=3e-2).usual)
    assert sampled < runaway.usual[1] / 4
    assert background < runaway.usual[0]
