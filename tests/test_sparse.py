"""The sparse autoencoder keeps the mean activity of each unit, not that of each event."""

import keras
import numpy as np
import pytest
from scipy.stats import entropy

import offshell
from offshell.models import SparseAutoencoder, networks


def test_training_brings_the_mean_activity_of_each_unit_to_its_target():
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(2000, 4)).astype(np.float32)
    model = SparseAutoencoder(
        networks.dense_encoder(4, hidden=(), size=12),
        networks.dense_decoder(12, hidden=(), features=4),
        activity=0.1,
    )
    before = np.mean(model.latents(x)["bottleneck"], axis=0)
    offshell.fit(
        model, x, loss="mse + 10 * kl_sparsity", epochs=60, learning_rate=1e-2, batch_size=256, progress=False
    )
    after = np.mean(model.latents(x)["bottleneck"], axis=0)
    assert before == pytest.approx(0.5, abs=0.1)
    assert after == pytest.approx(0.1, abs=0.05)


def test_term_of_training_is_that_of_the_mean_activity_of_the_batch():
    x = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    model = SparseAutoencoder(
        networks.dense_encoder(4, hidden=(), size=3), networks.dense_decoder(3, hidden=(), features=4)
    )
    mean = np.mean(model.latents(x)["bottleneck"], axis=0)
    expected = sum(entropy([0.05, 0.95], [a, 1 - a]) for a in mean)
    assert np.asarray(model(x, training=True)["kl_sparsity"]) == pytest.approx(
        np.full(50, expected), rel=1e-4
    )
