"""Deep SVDD: a fixed center away from zero, and no way to collapse."""

import keras
import numpy as np
import pytest

import offshell
from offshell.errors import InputError
from offshell.models import DeepSVDD, networks

X = np.random.default_rng(0).normal(loc=3, size=(500, 6)).astype(np.float32)


@pytest.fixture
def model():
    keras.utils.set_random_seed(1)
    return DeepSVDD(networks.dense_encoder(6, hidden=(), size=2, bias=False))


def test_center_is_the_mean_embedding_and_distance_the_squared_distance_to_it(model):
    model.adapt(X)
    embedded = X @ np.asarray(model.encoder.layers[-1].kernel)
    center = embedded.mean(axis=0)
    assert np.abs(center).min() > 0.1
    assert np.asarray(model.center) == pytest.approx(center, rel=1e-4)
    expected = ((embedded - center) ** 2).sum(axis=1)
    assert offshell.score(model, X)["distance"] == pytest.approx(expected, rel=1e-3)


def test_center_stays_where_the_untrained_network_put_it(model):
    model.adapt(X)
    center = np.asarray(model.center)
    offshell.fit(model, X, epochs=2, progress=False)
    np.testing.assert_array_equal(model.center, center)


def test_center_keeps_away_from_zero_where_all_weights_zero_would_lead(model):
    model.adapt(X - X.mean(axis=0))
    assert np.abs(model.center) == pytest.approx(0.1)


def test_embedding_is_given_relative_to_the_center_and_there_is_no_reconstruction(model):
    model.adapt(X)
    embedding = np.asarray(model.latents(X)["embedding"])
    assert (embedding**2).sum(axis=1) == pytest.approx(offshell.score(model, X)["distance"], rel=1e-4)
    assert model.reconstruct(X) is None


@pytest.mark.parametrize("options", [{}, {"normalize": True}])
def test_networks_with_biases_are_refused(options):
    with pytest.raises(InputError, match="has biases"):
        DeepSVDD(networks.dense_encoder(6, hidden=(4,), size=2, **options))


def test_batch_normalization_without_shift_is_accepted():
    model = DeepSVDD(networks.dense_encoder(6, hidden=(4,), size=2, bias=False, normalize=True))
    model.adapt(X)
    kinds = {weight.path.split("/")[-1] for weight in model.encoder.trainable_weights}
    assert kinds == {"kernel", "gamma"}  # nothing that could shift all events alike
    assert offshell.score(model, X)["distance"].min() > 0


def test_network_that_maps_all_events_to_one_point_is_refused(model):
    model.encoder.layers[-1].kernel.assign(np.zeros((6, 2)))
    with pytest.raises(InputError, match="has collapsed"):
        model.adapt(X)
