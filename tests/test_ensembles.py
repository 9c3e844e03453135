"""Many models at once: each as if it were trained alone."""

import keras
import numpy as np
import pytest

import offshell
from offshell.errors import InputError, TrainingError
from offshell.models import PCA, VAE, Autoencoder, networks
from offshell.train import program


def on_a_plane(rng):
    return (rng.normal(size=(300, 2)) @ rng.normal(size=(2, 6))).astype(np.float32)


X = on_a_plane(np.random.default_rng(1))
OPTIONS = {"epochs": 6, "batch_size": 32, "progress": False}


def vae(_):
    encoder = networks.dense_encoder(6, hidden=(8,))
    return VAE(encoder, networks.dense_decoder(2, hidden=(8,), features=6))


def convolutional(_):
    encoder = networks.conv_encoder((4, 4, 1), filters=(2,), size=2)
    return Autoencoder(encoder, networks.conv_decoder(2, filters=(2,), shape=(4, 4, 1)))


def normalized(_):
    code = [
        keras.Input((6,)),
        keras.layers.Dense(4),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(2),
    ]
    return Autoencoder(keras.Sequential(code), networks.dense_decoder(2, hidden=(), features=6))


def alone(build, x, seed, **options):
    keras.utils.set_random_seed(seed)
    model = build(seed)
    return model, offshell.fit(model, x, seed=seed, **options)


def assert_same_training(member, model, history, tolerance):
    assert len(member.history["loss"]) == len(history["loss"])
    for name, values in history.items():
        np.testing.assert_allclose(member.history[name], values, rtol=tolerance)
    for mine, theirs in zip(member.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=10 * tolerance, atol=tolerance)


# Members run side by side on a CPU, each exactly as alone, and in one program on an accelerator, which rounds differently.
TOLERANCE = {"cpu": 0, "gpu": 1e-3}


@pytest.mark.parametrize(
    ("backend", "build"), [("cpu", vae), ("cpu", convolutional), ("gpu", vae), ("gpu", normalized)]
)
def test_a_member_is_what_fit_gives(backend, build, monkeypatch):
    monkeypatch.setattr(program.jax, "default_backend", lambda: backend)
    x = np.abs(X[:, :4, None, None] * np.ones((4, 1))) if build is convolutional else X
    members = offshell.fit_ensemble(build, x, seeds=[5, 6], **OPTIONS)
    assert [member.seed for member in members] == [5, 6]
    for member in members:
        assert_same_training(member, *alone(build, x, member.seed, **OPTIONS), TOLERANCE[backend])
    assert members[0].history != members[1].history


def test_losses_and_learning_rates_are_compared_from_the_same_start():
    losses, rates = ["mse", "mse + 0.5 * kl_gaussian"], [1e-3, 1e-2]
    members = offshell.fit_ensemble(vae, X, seeds=[4], loss=losses, learning_rate=rates, **OPTIONS)
    assert [(member.loss, member.learning_rate) for member in members] == list(
        zip(losses, rates, strict=True)
    )
    for member in members:
        options = {"loss": member.loss, "learning_rate": member.learning_rate, **OPTIONS}
        assert_same_training(member, *alone(vae, X, 4, **options), 1e-5)


@pytest.mark.parametrize("backend", TOLERANCE)
def test_each_member_stops_for_itself_and_keeps_its_best(backend, monkeypatch):
    monkeypatch.setattr(program.jax, "default_backend", lambda: backend)
    options = {"epochs": 60, "patience": 4, "plateau": 2, "batch_size": 32, "progress": False}
    rates = [1e-4, 0.3, 0.1]
    members = offshell.fit_ensemble(vae, X[:60], seeds=[4], learning_rate=rates, validation=X[60:], **options)
    epochs = [len(member.history["loss"]) for member in members]
    assert epochs[0] == 60
    assert max(epochs[1:]) < 60
    for member in members:
        best = min(member.history["val_loss"])
        assert offshell.score(member.model, X[60:])["mse + kl_gaussian"].mean() == pytest.approx(
            best, rel=1e-4
        )


def test_a_detector_without_gradients_is_adapted_for_each_seed():
    members = offshell.fit_ensemble(lambda _: PCA(2, shape=(6,)), X, seeds=[1, 2], progress=False)
    means = [member.model.get_weights()[0] for member in members]
    assert not np.array_equal(*means)
    assert members[0].history == {"loss": [], "val_loss": [], "learning_rate": []}


def test_a_diverging_member_is_named():
    with pytest.raises(
        TrainingError, match=r"seed 3 stopped in epoch 1\. .* lower learning_rate than 1e\+30"
    ):
        offshell.fit_ensemble(vae, X, seeds=[3], learning_rate=[1e-3, 1e30], **OPTIONS)


def wider(seed):
    return Autoencoder(
        networks.dense_encoder(6, hidden=(seed,), size=2), networks.dense_decoder(2, hidden=(), features=6)
    )


def activated(seed):
    layers = [keras.Input((6,)), keras.layers.Dense(2), keras.layers.LeakyReLU(seed / 10)]
    return Autoencoder(keras.Sequential(layers), networks.dense_decoder(2, hidden=(), features=6))


def constrained(seed):
    layers = [keras.Input((6,)), keras.layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(seed))]
    return Autoencoder(keras.Sequential(layers), networks.dense_decoder(2, hidden=(), features=6))


@pytest.mark.parametrize(
    ("build", "options", "message"),
    [
        (vae, {"seeds": []}, r"Received: 0 of seeds, 1 of loss, 1 of learning_rate"),
        (
            vae,
            {"seeds": [1, 2], "learning_rate": [1e-3] * 3},
            r"Received: 2 of seeds, 1 of loss, 3 of learning",
        ),
        (vae, {"seeds": [1, 2], "loss": ["mse", "kl"]}, "Unknown term 'kl'"),
        (wider, {"seeds": [2, 3]}, r"not alike.*2 different ones for 2 seeds"),
        (activated, {"seeds": [2, 2, 3]}, r"not alike.*2 different ones for 3 seeds"),
        (constrained, {"seeds": [1, 2]}, r"not alike.*2 different ones for 2 seeds"),
    ],
)
def test_bad_input_gets_one_clear_line(build, options, message):
    with pytest.raises(InputError, match=message) as caught:
        offshell.fit_ensemble(build, X, progress=False, **options)
    assert "\n" not in str(caught.value)


def test_progress_bar_shows_the_mean_of_all_members(capsys):
    offshell.fit_ensemble(vae, X, seeds=[1, 2], epochs=1)
    assert "mean of 2 models" in capsys.readouterr().err
