"""The contraction against its closed forms."""

import keras
import numpy as np
import pytest

from offshell.models import ContractiveAutoencoder, networks
from offshell.models.autoencoders.contractive import contraction

X = np.random.default_rng(0).normal(size=(20, 5)).astype(np.float32)


def test_linear_encoder_has_the_squared_frobenius_norm_of_its_weights():
    encoder = networks.dense_encoder(5, hidden=(), size=7)
    model = ContractiveAutoencoder(encoder, networks.dense_decoder(7, hidden=(), features=5))
    norm = np.linalg.norm(encoder.layers[-1].kernel) ** 2
    assert np.asarray(model(X)["contraction"]) == pytest.approx(np.full(len(X), norm), rel=1e-5)


def test_sigmoid_units_have_the_formula_of_rifai():
    """For z = sigmoid(W x) it is the sum over units of (z (1 - z))^2 times the squared norm of their weights."""
    layer = keras.layers.Dense(3, activation="sigmoid")
    z = np.asarray(layer(X))
    expected = (z * (1 - z)) ** 2 @ np.square(layer.kernel).sum(axis=0)
    assert np.asarray(contraction(layer, X)) == pytest.approx(expected, rel=1e-5)


def test_images_have_one_number_for_each_event():
    images = np.random.default_rng(1).random((6, 8, 8, 1)).astype(np.float32)
    flat = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)])
    values = np.asarray(contraction(flat, images))
    assert values == pytest.approx(np.full(6, np.linalg.norm(flat.layers[-1].kernel) ** 2), rel=1e-5)
