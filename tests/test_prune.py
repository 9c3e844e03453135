"""Pruning is really applied: counted zeros, before and after further training, saved and loaded."""

import keras
import numpy as np
import pytest

import offshell
from offshell.compress import prune, sparsity
from offshell.errors import InputError
from offshell.models import PCA, Autoencoder, networks

X = np.random.default_rng(0).normal(size=(512, 8)).astype(np.float32)


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    encoder = networks.dense_encoder(8, hidden=(20,), size=2)
    model = Autoencoder(encoder, networks.dense_decoder(2, hidden=(20,), features=8))
    offshell.fit(model, X, epochs=1, progress=False)
    return model


def test_the_smallest_weights_of_each_kernel_become_zero(model):
    before = model.encoder.layers[1].kernel.numpy()
    prune(model, fraction=0.25)
    after = model.encoder.layers[1].kernel.numpy()
    smallest = np.abs(before) <= np.sort(np.abs(before), axis=None)[39]
    np.testing.assert_array_equal(after, np.where(smallest, 0, before))


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.75])
def test_sparsity_survives_training_and_saving(model, fraction, tmp_path):
    prune(model, fraction=fraction)
    kernels = [v.numpy().copy() for v in model.trainable_variables if v.name == "kernel"]
    offshell.fit(model, X, epochs=2, progress=False)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert sparsity(model) == pytest.approx(fraction, abs=0.01)
    assert sparsity(loaded) == sparsity(model)
    trained = [v.numpy() for v in model.trainable_variables if v.name == "kernel"]
    assert all((old != new).any() for old, new in zip(kernels, trained, strict=True))  # it did train


def test_training_without_pruning_has_no_zeros(model):
    offshell.fit(model, X, epochs=1, progress=False)
    assert sparsity(model) == 0


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_wrong_fraction(model, fraction):
    with pytest.raises(InputError, match="0 <= fraction < 1"):
        prune(model, fraction=fraction)


def test_nothing_to_prune():
    for function in (sparsity, lambda model: prune(model, fraction=0.5)):
        with pytest.raises(InputError, match="without any"):
            function(PCA(2, shape=(8,)))
