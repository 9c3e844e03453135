"""Deep SVDD: a fixed center away from zero, and a collapse that is noticed."""

import keras
import numpy as np
import pytest

import offshell
from offshell.errors import CollapseWarning, InputError
from offshell.models import DeepSVDD, networks
from offshell.models.one_class.effective_rank import effective_rank

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


def test_with_a_decoder_the_center_comes_from_a_trained_autoencoder(model):
    encoder = model.encoder
    begun = DeepSVDD(encoder, decoder=networks.dense_decoder(2, hidden=(), features=6))
    autoencoder = begun.pretraining()
    assert autoencoder.encoder is encoder
    before = offshell.score(autoencoder, X)["mse"].mean()
    untrained = X @ np.asarray(encoder.layers[-1].kernel)
    offshell.fit(begun, X, epochs=20, learning_rate=1e-2, progress=False)
    assert begun.pretraining() is None
    assert not any(weight.path.startswith("decoder") for weight in begun.variables)
    assert np.abs(begun.center - untrained.mean(axis=0)).max() > 0.1
    assert offshell.score(autoencoder, X)["mse"].mean() < before / 2


def quality(model, x):
    return np.asarray(model(x, training=True)["quality"])


@pytest.mark.parametrize("size", [2, 6])
def test_quality_is_the_distance_since_the_start_and_the_variance_that_is_forgotten(size):
    """Of white events a linear embedding of two dimensions forgets four sixths."""
    keras.utils.set_random_seed(1)
    white = np.linalg.qr(X - X.mean(axis=0))[0].astype(np.float32) * np.sqrt(len(X))
    model = DeepSVDD(networks.dense_encoder(6, hidden=(), size=size, bias=False))
    model.adapt(white)
    assert quality(model, white) == pytest.approx(np.full(500, 1 + (6 - size) / 6), abs=5e-3)
    model.encoder.layers[-1].kernel.assign(model.encoder.layers[-1].kernel * 1e-3)
    length = (np.asarray(model.center) ** 2).sum()
    # The ridge of the linear map keeps back a few thousandths.
    expected = length / float(model.start) + (6 - size) / 6
    assert quality(model, white)[0] == pytest.approx(expected, abs=5e-3)


def rank_after_training(validated_by, monkeypatch):
    """In how many dimensions events lie after much training, by what chooses the best epoch."""
    monkeypatch.setattr(DeepSVDD, "validated_by", validated_by)
    keras.utils.set_random_seed(1)
    model = DeepSVDD(networks.dense_encoder(6, hidden=(16,), size=8, bias=False, activation="leaky_relu"))
    offshell.fit(model, X, epochs=40, learning_rate=3e-2, patience=40, progress=False)
    return effective_rank(model.encoder.predict(X, verbose=0))


def test_a_training_that_collapses_is_noticed_and_one_that_would_ends_before(monkeypatch):
    with pytest.warns(CollapseWarning, match="embedding of a DeepSVDD has collapsed.* of its 8 dimensions"):
        collapsed = rank_after_training(None, monkeypatch)
    assert rank_after_training("quality", monkeypatch) > 1.5 * collapsed
