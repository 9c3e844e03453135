"""What every detector promises, tried on every detector."""

import jax
import keras
import numpy as np
import pytest
from keras import ops

import offshell
from offshell.errors import InputError
from offshell.inputs.clouds import four_vectors, relative, to_jets
from offshell.models import (
    GAN,
    PCA,
    VAE,
    Autoencoder,
    CloudAutoencoder,
    CloudFlow,
    ContractiveAutoencoder,
    Corruption,
    DeepSVDD,
    DenoisingAutoencoder,
    Diffusion,
    Flow,
    FlowMatching,
    GaussianMixture,
    IsolationForest,
    JointVAE,
    Mahalanobis,
    Neighbors,
    NormalizedAutoencoder,
    Observables,
    SparseAutoencoder,
    Student,
    VICReg,
    networks,
)
from offshell.models.densities.paths.time_conditioned import cloud_velocity, vector_velocity
from offshell.models.networks import clouds
from offshell.models.scaling.clouds import StandardizeClouds
from offshell.models.scaling.events import PowerOfTwo, Standardize
from offshell.models.terms.weighted_sum import parse

N_FEATURES = 12
SHAPE = (16, 16, 1)
RELATIVE, RELATIVE_PT, FOUR_VECTORS = (6, 4), (5, 5), (6, 5)


def dense_encoder(size=None):
    return networks.dense_encoder(N_FEATURES, hidden=(16,), size=size)


def dense_decoder(size):
    return networks.dense_decoder(size, hidden=(16,), features=N_FEATURES)


def residual_encoder(size=None):
    return networks.residual_encoder(SHAPE, filters=(4, 4), blocks=(1, 1), squeeze=2, size=size)


def residual_decoder(size):
    return networks.residual_decoder(size, filters=(4, 4), blocks=(1, 1), shape=SHAPE)


def taught(student):
    """By a teacher that says how far from the origin an event lies."""
    student.teacher = lambda x: ops.log(ops.sum(ops.square(x), axis=1))
    return student


DETECTORS = {
    "pca-vectors": lambda: PCA(2, shape=(N_FEATURES,)),
    "pca-scaled": lambda: PCA(2, shape=(N_FEATURES,), scaling=Standardize()),
    "pca-images": lambda: PCA(2, shape=SHAPE),
    "observables": lambda: Observables(scaling=Standardize()),
    "mahalanobis": lambda: Mahalanobis(shape=(N_FEATURES,), scaling=Standardize()),
    "neighbors": lambda: Neighbors(shape=(N_FEATURES,), neighbors=3, references=100),
    "isolation-forest": lambda: IsolationForest(shape=(N_FEATURES,), trees=50, samples=32),
    "mixture": lambda: GaussianMixture(shape=(N_FEATURES,), components=2),
    "autoencoder-dense": lambda: Autoencoder(dense_encoder(3), dense_decoder(3)),
    "autoencoder-power-of-two": lambda: Autoencoder(
        dense_encoder(3), dense_decoder(3), scaling=PowerOfTwo(units=(0.5, 0.1, 0.1))
    ),
    "autoencoder-conv": lambda: Autoencoder(
        networks.conv_encoder(SHAPE, filters=(8, 8), size=2),
        networks.conv_decoder(2, filters=(8, 8), shape=SHAPE),
    ),
    "autoencoder-residual": lambda: Autoencoder(residual_encoder(4), residual_decoder(4)),
    "autoencoder-inception-and-dense-block": lambda: Autoencoder(
        networks.inception_encoder(SHAPE, filters=(16,), squeeze=2, size=4),
        networks.dense_block_decoder(4, filters=(4,), blocks=(2,), growth=2, shape=SHAPE),
    ),
    "autoencoder-unet": lambda: Autoencoder(
        networks.unet_encoder(SHAPE, filters=(4, 4), squeeze=2, size=4),
        networks.unet_decoder(4, filters=(4, 4), shape=SHAPE),
    ),
    "autoencoder-normalized": lambda: Autoencoder(
        networks.dense_encoder(N_FEATURES, hidden=(16,), size=3, normalize=True, activation="leaky_relu"),
        networks.dense_decoder(3, hidden=(16,), features=N_FEATURES, normalize=True),
    ),
    "sparse": lambda: SparseAutoencoder(dense_encoder(20), dense_decoder(20)),
    "denoising": lambda: DenoisingAutoencoder(
        dense_encoder(20), dense_decoder(20), corruption=Corruption(), scaling=Standardize()
    ),
    "contractive": lambda: ContractiveAutoencoder(dense_encoder(20), dense_decoder(20)),
    "nae": lambda: NormalizedAutoencoder(dense_encoder(3), dense_decoder(3), steps=3),
    "deep-svdd": lambda: DeepSVDD(
        networks.dense_encoder(N_FEATURES, hidden=(16,), size=4, bias=False), scaling=Standardize()
    ),
    "vicreg": lambda: VICReg(
        dense_encoder(6),
        networks.dense_encoder(6, hidden=(12,), size=12, bias=False),
        networks.dense_encoder(6, hidden=(8,), size=2),
        networks.dense_decoder(2, hidden=(8,), features=6),
        corruption=Corruption(),
    ),
    "student": lambda: taught(Student(dense_encoder(1))),
    "vae-dense": lambda: VAE(dense_encoder(), dense_decoder(3)),
    "vae-residual": lambda: VAE(residual_encoder(), residual_decoder(3)),
    "joint-vae": lambda: JointVAE(residual_encoder(), residual_decoder(7), gaussian=3, classes=4),
    "joint-vae-several-categorical": lambda: JointVAE(
        dense_encoder(), dense_decoder(11), gaussian=3, categorical=2, classes=4, scaling=Standardize()
    ),
    "categorical-vae": lambda: JointVAE(
        dense_encoder(), dense_decoder(8), gaussian=0, categorical=2, classes=4
    ),
    "clouds-deep-sets": lambda: CloudAutoencoder(
        clouds.deep_sets_encoder(RELATIVE, hidden=8, layers=1, size=3),
        clouds.deep_sets_decoder(3, hidden=8, layers=1, shape=RELATIVE),
    ),
    "clouds-lorentz": lambda: CloudAutoencoder(
        clouds.lorentz_encoder(FOUR_VECTORS, hidden=16, layers=1, vectors=2, size=10),
        clouds.lorentz_decoder(10, hidden=16, layers=1, vectors=2, shape=FOUR_VECTORS),
    ),
    "clouds-vae": lambda: VAE(
        clouds.message_passing_encoder(RELATIVE, hidden=8, layers=1),
        clouds.attention_decoder(3, hidden=8, layers=1, shape=RELATIVE),
    ),
    "flow-affine": lambda: Flow(
        shape=(N_FEATURES,), transform="affine", layers=2, hidden=(16,), scaling=Standardize()
    ),
    "flow-spline": lambda: Flow(shape=(N_FEATURES,), layers=2, hidden=(16,)),
    "flow-clouds": lambda: CloudFlow(shape=RELATIVE, layers=2, hidden=(16,)),
    "flow-matching": lambda: FlowMatching(
        vector_velocity(N_FEATURES, hidden=32, blocks=1), scaling=Standardize()
    ),
    "flow-matching-clouds": lambda: FlowMatching(
        cloud_velocity(RELATIVE_PT, hidden=16, layers=1), scaling=StandardizeClouds()
    ),
    "diffusion": lambda: Diffusion(vector_velocity(N_FEATURES, hidden=32, blocks=1), likelihood_steps=2),
    "gan": lambda: GAN(
        clouds.dense_generator(RELATIVE_PT, noise=4, hidden=(16,)),
        clouds.point_critic(RELATIVE_PT, point=(8,), hidden=8),
    ),
}


# Minutes of compilation; their kin are tried every day.
SLOW = {
    "autoencoder-inception-and-dense-block",
    "autoencoder-residual",
    "autoencoder-unet",
    "categorical-vae",
    "clouds-lorentz",
    "clouds-vae",
    "diffusion",
    "flow-affine",
    "flow-matching",
    "flow-spline",
    "joint-vae-several-categorical",
    "vae-residual",
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in DETECTORS],
)
def made(request):
    """A detector and all its numbers; made and compiled once, because that takes most of the time."""
    keras.utils.set_random_seed(1)
    detector = DETECTORS[request.param]()
    detector.prepare(detector.shape)
    return detector, [(variable, np.array(variable.value)) for variable in detector.variables]


@pytest.fixture
def model(made):
    """As if made anew for each test."""
    detector, numbers = made
    for variable, value in numbers:
        variable.assign(value)
    return detector


@pytest.fixture
def x(model):
    """Background events on a low-dimensional manifold."""
    rng = np.random.default_rng(2)
    match model.shape:
        case (features,):
            return vectors(rng, 256, features)
        case (particles, columns):
            return sprays(rng, 256, particles)[columns, isinstance(model, CloudAutoencoder)]
    return blobs(rng, 256)


def anomaly_score(model, x):
    """The default loss, or where that has terms that exist only in training, the squared error or the only term."""
    scores = offshell.score(model, x)
    substitute = "mse" if "mse" in scores else next(iter(scores))
    return scores[model.default_loss if parse(model.default_loss).keys() <= scores.keys() else substitute]


def vectors(rng, n, features):
    hidden = rng.normal(size=(n, 2))
    return (hidden @ rng.normal(size=(2, features))).astype(np.float32)


def blobs(rng, n, *, width=1.0):
    """Images with one round spot near the middle, normalized to sum one."""
    rows, columns = np.indices(SHAPE[:2])
    center = rng.normal(7.5, 1.0, size=(2, n, 1, 1))
    spot = np.exp(-((rows - center[0]) ** 2 + (columns - center[1]) ** 2) / (2 * width**2))
    return (spot / spot.sum(axis=(1, 2), keepdims=True)).astype(np.float32)[..., None]


def sprays(rng, n, particles, *, width=0.05):
    """Narrow jets of three particles and more, in the layout of a number of columns, by whether it is for autoencoders."""
    eta, phi = rng.normal(0, width, (2, n, particles))
    pt = np.sort(rng.dirichlet(np.full(particles, 2.0), n))[:, ::-1]
    mask = np.arange(particles) < rng.integers(3, particles + 1, (n, 1))
    jets = to_jets(
        np.stack([eta, phi, pt, 1 + 0 * pt], axis=-1) * mask[..., None], pt=rng.uniform(550, 650, n)
    )
    plain = relative(jets, n_particles=particles)
    with_pt = relative(jets, n_particles=particles, jet_pt=True)
    return {
        (4, False): plain,
        (4, True): plain,
        (5, False): with_pt,
        (5, True): four_vectors(jets, n_particles=particles),
    }


def anomalies(model, x):
    """Events of the same shape far from where the background lies."""
    rng = np.random.default_rng(3)
    if x.ndim == 2:
        return 4 * rng.normal(size=x[:64].shape).astype(np.float32)
    if x.ndim == 3:
        wide = sprays(rng, 64, x.shape[1], width=0.4)
        return wide[x.shape[2], isinstance(model, CloudAutoencoder)]
    return np.roll(blobs(rng, 64), 6, axis=1) / 2 + np.roll(blobs(rng, 64), -6, axis=1) / 2


def test_terms_are_finite_deterministic_and_event_by_event(model, x):
    together, again, some = (offshell.score(model, part) for part in (x[:8], x[:8], x[2:4]))
    for name, term in together.items():
        assert term.shape == (8,)
        assert np.isfinite(term).all()
        np.testing.assert_array_equal(again[name], term)
        # The mass of a jet is a small difference of large numbers.
        np.testing.assert_allclose(
            some[name], term[2:4], rtol=1e-2 if name == "jet_mass" else 1e-4, atol=1e-5
        )


def test_every_weight_gets_a_gradient_from_the_default_loss(model, x):
    model(keras.Input(x.shape[1:]))
    frozen = [v.value for v in model.non_trainable_variables]

    @jax.jit
    @jax.grad
    def gradient(weights):
        terms, _ = model.stateless_call(weights, frozen, x[:64], training=True)
        return model.loss_of(terms, model.default_loss)

    gradients = gradient([v.value for v in model.trainable_variables])
    dead = [v.path for v, g in zip(model.trainable_variables, gradients, strict=True) if not np.any(g)]
    assert not dead


def test_saved_and_loaded_model_gives_the_same_terms(model, x, tmp_path):
    model.adapt(x)
    before = offshell.score(model, x[:8])
    model.save(tmp_path / "model.keras")
    after = offshell.score(keras.models.load_model(tmp_path / "model.keras"), x[:8])
    assert before.keys() == after.keys()
    for name, term in before.items():
        np.testing.assert_array_equal(after[name], term)


def test_training_lowers_the_loss_and_finds_what_is_off_the_manifold(model, x):
    history = offshell.fit(model, x, epochs=20, learning_rate=1e-2, batch_size=32, progress=False)
    if model.trainable_variables:
        assert (
            min(history["val_loss"]) < history["val_loss"][0]
        )  # the best weights stay, and a game has its ups and downs
    background, signal = anomaly_score(model, x), anomaly_score(model, anomalies(model, x))
    assert np.median(signal) > np.quantile(background, 0.9)


def test_keras_fit_trains_it_too_and_is_saved_with_its_loss(model, x, tmp_path):
    untrained = anomaly_score(model, x)
    model.compile(optimizer="adam")
    losses = model.fit(x, epochs=2, batch_size=64, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    by_gradient = bool(model.trainable_variables)
    assert losses[-1] < losses[0] if by_gradient else (anomaly_score(model, x) != untrained).any()
    model.save(tmp_path / "model.keras")
    assert keras.models.load_model(tmp_path / "model.keras").loss_expression == model.default_loss


def test_it_tells_its_latent_coordinates_and_reconstructions(model, x):
    x_hat = model.reconstruct(keras.Input(x.shape[1:]))
    assert x_hat is None or x_hat.shape[1:] == x.shape[1:]
    for latent in model.latents(keras.Input(x.shape[1:])).values():
        assert len(latent.shape) == 2


def test_events_of_another_shape_are_refused_in_one_line(model, x):
    for function in (offshell.fit, offshell.score):
        with pytest.raises(InputError, match="do not fit the detector") as caught:
            function(model, x[:, :4])
        assert "\n" not in str(caught.value)
