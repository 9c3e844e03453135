"""Training: it minimizes, it repeats itself, it stops, it keeps the best."""

import jax.numpy as jnp
import keras
import numpy as np
import pytest
from scipy.stats import spearmanr

import offshell
from offshell.errors import InputError, TrainingError
from offshell.models import PCA, VAE, Autoencoder, networks
from offshell.models.autoencoders.bottlenecks import CategoricalLatent, GaussianLatent
from offshell.models.detector import Detector
from offshell.train import program


def on_a_plane(rng):
    return (rng.normal(size=(300, 2)) @ rng.normal(size=(2, 6))).astype(np.float32)


X = on_a_plane(np.random.default_rng(1))


def autoencoder(*, seed=1, hidden=()):
    keras.utils.set_random_seed(seed)
    encoder = networks.dense_encoder(6, hidden=hidden, size=2)
    return Autoencoder(encoder, networks.dense_decoder(2, hidden=hidden, features=6))


def vae():
    keras.utils.set_random_seed(1)
    encoder = networks.dense_encoder(6, hidden=(8,))
    return VAE(encoder, networks.dense_decoder(2, hidden=(8,), features=6))


def weights(model):
    return np.concatenate([np.ravel(w) for w in model.get_weights()])


def test_linear_autoencoder_reaches_the_plane_that_pca_finds():
    model, plane = autoencoder(), PCA(2, shape=(6,))
    offshell.fit(model, X, epochs=200, learning_rate=2e-2, batch_size=32, patience=50, progress=False)
    offshell.fit(plane, X, progress=False)
    total = np.square(X - X.mean(axis=0)).sum(axis=1).mean()
    assert offshell.score(plane, X)["mse"].mean() < 1e-6 * total
    assert offshell.score(model, X)["mse"].mean() < 1e-3 * total


@pytest.mark.parametrize("make", [autoencoder, vae])
def test_same_seed_gives_identical_weights_and_another_seed_others(make):
    trained = []
    for seed in (3, 3, 4):
        model = make()
        offshell.fit(model, X, epochs=3, seed=seed, progress=False)
        trained.append(weights(model))
    np.testing.assert_array_equal(trained[0], trained[1])
    assert not np.array_equal(trained[0], trained[2])


def test_scan_and_steps_train_alike(monkeypatch):
    histories = []
    for convolutional in (False, True):
        monkeypatch.setattr(program, "_is_convolutional", lambda _, answer=convolutional: answer)
        histories.append(offshell.fit(vae(), X, epochs=3, progress=False))
    assert histories[0]["val_loss"] == pytest.approx(histories[1]["val_loss"], rel=1e-5)


def test_best_weights_are_restored_and_training_stops():
    model = autoencoder(hidden=(8,))
    history = offshell.fit(
        model, X[:60], validation=X[60:], epochs=500, learning_rate=0.3, patience=5, plateau=2, progress=False
    )
    assert len(history["loss"]) < 500
    best = int(np.argmin(history["val_loss"]))
    assert best == len(history["loss"]) - 1 - 5
    assert offshell.score(model, X[60:])["mse"].mean() == pytest.approx(history["val_loss"][best], rel=1e-4)


def test_learning_rate_is_halved_on_a_plateau():
    history = offshell.fit(
        autoencoder(), X, epochs=200, learning_rate=0.5, patience=7, plateau=3, progress=False
    )
    rates = np.array(history["learning_rate"])
    assert rates[0] == 0.5
    assert rates[-1] < 0.5
    assert set(np.unique(rates[1:] / rates[:-1])) <= {0.5, 1.0}


def test_nan_loss_stops_with_a_clear_error_and_keeps_the_weights():
    model = autoencoder()
    before = model.get_weights()
    with pytest.raises(
        TrainingError, match=r"epoch 1\. Expected: a finite loss.*lower learning_rate than 1e\+30"
    ):
        offshell.fit(model, X, learning_rate=1e30, epochs=5, progress=False)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        (np.where(np.arange(6) == 2, np.nan, X), {}, "x has events that are not finite"),
        (X[:1], {}, "Too few events"),
        (X[:0], {}, "Too few events"),
        (X, {"validation": X[:0]}, "Too few events"),
        (X, {"loss": "mse + kl"}, "Unknown term 'kl'"),
        (X, {"loss": "mse +"}, "not a weighted sum"),
        (X, {"validation": 0}, "validation is no fraction"),
        (X, {"validation": X[:, :3]}, "do not fit the detector"),
        (X, {"batch_size": 0}, "batch_size is too small"),
        (X, {"patience": 0}, "patience is too small"),
    ],
)
def test_bad_input_gets_one_clear_line(x, options, message):
    with pytest.raises(InputError, match=message) as caught:
        offshell.fit(autoencoder(), x, progress=False, **options)
    assert "\n" not in str(caught.value)


def test_pca_needs_as_many_events_as_components():
    with pytest.raises(InputError, match=r"at least 4\. Received: 3"):
        offshell.fit(PCA(4, shape=(6,)), X[:4], validation=0.25, progress=False)


def test_progress_bar_shows_the_loss(capsys):
    offshell.fit(autoencoder(), X, epochs=1)
    assert "validation" in capsys.readouterr().err


def test_latent_noises_are_independent_and_follow_the_seed():
    def noises(seed):
        keras.utils.set_random_seed(seed)
        gaussian, categorical = GaussianLatent(8), CategoricalLatent(1, 8, 1.0)
        zeros = np.zeros((200, 1), np.float32)
        return [np.ravel(latent(zeros, training=True).code) for latent in (gaussian, categorical)]

    (normal, gumbel), (other, _) = noises(1), noises(2)
    assert abs(spearmanr(normal, gumbel).statistic) < 0.1
    assert abs(spearmanr(normal, other).statistic) < 0.1
    np.testing.assert_array_equal(normal, noises(1)[0])


class Whitened(Detector):
    """Has a term only in training, which needs the whole batch: the spread of the code should be one."""

    default_loss = "mse + spread"

    def __init__(self):
        super().__init__(shape=(6,))
        self.encoder, self.decoder = keras.layers.Dense(2), keras.layers.Dense(6)

    def call(self, x, *, training=False):
        code = self.encoder(x)
        found = {"mse": keras.ops.sum(keras.ops.square(x - self.decoder(code)), axis=-1)}
        if training:
            missing = keras.ops.sum(keras.ops.square(1 - keras.ops.std(code, axis=0)))
            found["spread"] = missing * keras.ops.ones_like(found["mse"])
        return found


def test_a_term_of_training_alone_is_learned_and_validated_but_not_scored():
    keras.utils.set_random_seed(1)
    model = Whitened()
    assert set(model.outline((6,))) == {"mse"}
    assert set(model.outline((6,), training=True)) == {"mse", "spread"}
    history = offshell.fit(
        model, X, validation=X, epochs=200, learning_rate=2e-2, batch_size=100, progress=False
    )
    assert set(offshell.score(model, X)) == {"mse"}
    in_training = model(X, training=True)
    assert np.mean(in_training["mse"] + in_training["spread"]) == pytest.approx(
        min(history["val_loss"]), rel=1e-4
    )
    assert float(in_training["spread"][0]) < 1e-2


class Unequal(Detector):
    """Two weights with the same gradient, of which one goes slower; `far` is least where the loss is not."""

    default_loss = "near"
    validated_by = "far"

    def __init__(self):
        super().__init__(shape=(6,))
        self.weights_of_both = [self.add_weight(shape=(), initializer="zeros") for _ in range(2)]

    def relative_rate(self, variable):
        return 0.25 if variable is self.weights_of_both[1] else 1.0

    def call(self, x, *, training=False):  # noqa: ARG002 - as Keras calls it
        near = sum(keras.ops.square(weight - 1) for weight in self.weights_of_both)
        return {"near": near + 0 * x[:, 0], "far": 7 - near + 0 * x[:, 0]}


def test_a_weight_with_a_relative_rate_takes_that_part_of_a_step():
    model = Unequal()
    offshell.fit(model, X, validation=X, epochs=1, batch_size=300, learning_rate=0.1, progress=False)
    assert [float(weight) for weight in model.weights_of_both] == pytest.approx([0.1, 0.025], rel=1e-4)


class Overshooting(Detector):
    """A weight beside its best value, which lies at 0.08."""

    default_loss = "distance"

    def __init__(self, momentum):
        super().__init__(shape=(6,))
        self.momentum = momentum
        self.weight = self.add_weight(shape=(), initializer="zeros")

    def call(self, x, *, training=False):  # noqa: ARG002 - as Keras calls it
        return {"distance": keras.ops.abs(self.weight - 0.08) + 0 * x[:, 0]}


# Steps of 0.1: to 0.1, then back to 0; with momentum m by (1 - m - m (1 - m)) / (1 - m^2) of a step.
@pytest.mark.parametrize(("momentum", "second"), [(0.0, 0.08), (0.9, 0.02 - 0.1 * 0.01 / 0.19)])
def test_a_detector_says_how_much_of_earlier_gradients_is_kept(momentum, second):
    history = offshell.fit(
        Overshooting(momentum),
        X,
        validation=X,
        epochs=2,
        batch_size=300,
        learning_rate=0.1,
        patience=9,
        progress=False,
    )
    assert history["val_loss"] == pytest.approx([0.02, second], rel=1e-3)


def test_epochs_are_compared_by_the_term_that_a_detector_names():
    model = Unequal()
    history = offshell.fit(
        model, X, validation=X, epochs=4, batch_size=300, learning_rate=0.1, patience=9, progress=False
    )
    assert np.diff(history["loss"]).max() < 0
    assert np.diff(history["val_loss"]).min() > 0
    assert float(model.weights_of_both[0]) == pytest.approx(0.1, rel=1e-4)  # the first epoch was the best
    assert offshell.score(model, X)["far"].mean() == pytest.approx(history["val_loss"][0], rel=1e-4)


def test_batch_normalization_trains_and_scores_deterministically():
    keras.utils.set_random_seed(1)
    encoder = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(8), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    model = Autoencoder(encoder, networks.dense_decoder(2, hidden=(8,), features=6))
    history = offshell.fit(model, X[:200], validation=X[200:], epochs=20, batch_size=20, progress=False)
    mean = encoder.layers[1].moving_mean.numpy()
    assert np.any(mean != 0)
    scores = offshell.score(model, X[200:])["mse"]
    np.testing.assert_array_equal(offshell.score(model, X[200:])["mse"], scores)
    assert offshell.score(model, X[210:211])["mse"] == pytest.approx(scores[10:11], rel=1e-4)
    assert scores.mean() == pytest.approx(min(history["val_loss"]), rel=1e-4)


def test_validation_events_may_be_any_array():
    histories = []
    for kind in (np.asarray, jnp.asarray, np.ndarray.tolist):
        model = autoencoder()
        histories.append(
            offshell.fit(model, X[:200], validation=kind(X[200:]), epochs=2, batch_size=32, progress=False)
        )
    assert histories[0] == histories[1] == histories[2]
