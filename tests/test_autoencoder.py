"""Autoencoders where the answer is known: linear ones, and what a weight on a term does."""

import keras
import numpy as np
import pytest
from scipy.linalg import subspace_angles

import offshell
from offshell.models import PCA, VAE, Autoencoder, Corruption, DenoisingAutoencoder, JointVAE, networks

WIDTHS = np.array([2.0, 1.0, 0.5, 0.25])


@pytest.fixture(scope="module")
def x():
    """Gaussian events of known widths along rotated axes."""
    rng = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    return ((WIDTHS * rng.normal(size=(2000, 4))) @ rotation).astype(np.float32)


def linear(size):
    keras.utils.set_random_seed(1)
    return networks.dense_encoder(4, hidden=(), size=size), networks.dense_decoder(
        size, hidden=(), features=4
    )


def fitted(model, x, **options):
    offshell.fit(model, x, progress=False, **{"epochs": 60, "learning_rate": 1e-2, **options})
    return model


def test_linear_autoencoder_equals_pca(x):
    autoencoder, pca = fitted(Autoencoder(*linear(2)), x), fitted(PCA(2, shape=(4,)), x)
    spanned = np.asarray(autoencoder.decoder.layers[-1].kernel).T
    assert np.degrees(subspace_angles(spanned, np.asarray(pca.axes).T)).max() < 2
    errors = [offshell.score(model, x)["mse"].mean() for model in (autoencoder, pca)]
    assert errors[0] == pytest.approx(errors[1], rel=5e-3)
    assert errors[1] == pytest.approx((WIDTHS[2:] ** 2).sum(), rel=0.05)


def test_linear_denoising_autoencoder_shrinks_each_direction_as_wiener_says(x):
    """The best linear answer to noise of variance s2 is C (C + s2)^-1 with the covariance C of the events."""
    noise = 0.5
    model = DenoisingAutoencoder(*linear(4), corruption=Corruption(noise=noise, masking=0, group=1))
    fitted(model, x, epochs=150, patience=150, plateau=20)
    learned = np.asarray(model.encoder.layers[-1].kernel) @ np.asarray(model.decoder.layers[-1].kernel)
    covariance = np.cov(x.T)
    expected = covariance @ np.linalg.inv(covariance + noise**2 * np.eye(4))
    np.testing.assert_allclose(learned, expected, atol=0.05)


def test_weight_on_l1_makes_the_code_sparse(x):
    codes = [
        fitted(Autoencoder(*linear(8)), x, loss=loss).latents(x)["bottleneck"]
        for loss in ("mse", "mse + 0.3 * l1")
    ]
    plain, sparse = (np.mean(np.abs(code) < 0.01) for code in codes)
    assert sparse > 10 * plain


def test_beta_vae_is_a_weight(x):
    def information(beta):
        encoder = networks.dense_encoder(4, hidden=(16,))
        vae = VAE(encoder, networks.dense_decoder(2, hidden=(16,), features=4))
        return offshell.score(fitted(vae, x, loss=f"mse + {beta} * kl_gaussian", epochs=20), x)["kl_gaussian"]

    assert information(4.0).mean() < 0.6 * information(0.2).mean()


def test_categorical_vae_names_clusters():
    rng = np.random.default_rng(0)
    cluster = rng.integers(0, 2, size=1000)
    x = (4.0 * cluster[:, None] - 2 + 0.3 * rng.normal(size=(1000, 4))).astype(np.float32)
    keras.utils.set_random_seed(1)
    encoder, decoder = (
        networks.dense_encoder(4, hidden=(8,)),
        networks.dense_decoder(2, hidden=(), features=4),
    )
    model = fitted(JointVAE(encoder, decoder, gaussian=0, categorical=1, classes=2), x, epochs=20)
    named = np.argmax(model.latents(x)["categorical"], axis=1)
    assert max(np.mean(named == cluster), np.mean(named != cluster)) > 0.99


@pytest.mark.parametrize(
    "last", [keras.layers.Softmax(), keras.layers.Dense(4, "softmax"), keras.layers.Dense(4, "sigmoid")]
)
def test_a_softmax_decoder_has_no_missing_energy_to_offer(last):
    encoder = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(4)])
    decoder = keras.Sequential([keras.Input((4,)), last, keras.layers.Reshape((2, 2, 1))])
    sums_to_one = not (isinstance(last, keras.layers.Dense) and last.activation is keras.activations.sigmoid)
    assert ("pixel_diff" not in Autoencoder(encoder, decoder).outline((2, 2, 1))) == sums_to_one


def test_principal_components_do_not_care_where_the_origin_is():
    rng = np.random.default_rng(5)
    x = (rng.normal(size=(2000, 3)) @ rng.normal(size=(3, 8)) + 0.1 * rng.normal(size=(2000, 8))).astype(
        np.float32
    )
    residuals = []
    for shift in (0, 1e3):
        model = PCA(3, shape=(8,))
        model.adapt(x + np.float32(shift))
        residuals.append(np.asarray(model(x + np.float32(shift))["mse"]).mean())
    # The shifted features themselves are rounded to 6e-5.
    assert residuals[1] == pytest.approx(residuals[0], rel=1e-4)
    assert residuals[0] == pytest.approx(5 * 0.1**2, rel=0.05)
