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
    PCA,
    VAE,
    Autoencoder,
    CloudAutoencoder,
    CloudFlow,
    Flow,
    FlowMatching,
    JointVAE,
    OutlierExposure,
    Student,
    networks,
)
from offshell.models.build import build
from offshell.models.densities.paths.time_conditioned import cloud_velocity
from offshell.models.detectors import DETECTORS
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


def exposed(detector):
    """To outliers that lie all over the place."""
    rng = np.random.default_rng(4)
    detector.expose(
        {family: rng.normal(0, 3, (200, *detector.shape)).astype(np.float32) for family in detector.families}
    )
    return detector


# Sizes for a test, where those of the table are made for more events, larger ones or other ones than vectors.
DENSE = {"kind": "dense", "hidden": [16]}
SMALL = {
    "cloud-autoencoder": {"size": 3, "network": {"kind": "deep-sets", "hidden": 8, "layers": 1}},
    "contractive": {"size": 20, "network": DENSE},
    "deep-svdd": {"size": 4, "network": DENSE, "scaling": "standard"},
    "denoising": {"size": 20, "network": DENSE, "scaling": "standard"},
    "diffusion": {"hidden": 32, "layers": 1, "likelihood_steps": 2},
    "flow": {"layers": 2, "hidden": [16]},
    "flow-matching": {"hidden": 32, "layers": 1},
    "gan": {
        "generator": {"kind": "dense", "noise": 4, "hidden": [16]},
        "critic": {"kind": "point", "point": [8], "hidden": 8},
    },
    "gaussian-mixture": {"components": 2},
    "isolation-forest": {"trees": 50, "samples": 32},
    "joint-vae": {"gaussian": 3, "categorical": 2, "classes": 4, "network": DENSE, "scaling": "standard"},
    "mahalanobis": {"scaling": "standard"},
    "nae": {"steps": 3, "network": DENSE},
    "neighbors": {"neighbors": 3, "references": 100},
    "observables": {"scaling": "standard"},
    "outlier-exposure": {"families": ["near", "far"], "mass_column": 0, "trees": 10, "leaves": 4},
    "pca": {"components": 2},
    "sparse": {"size": 20, "network": DENSE},
    "student": {
        "network": DENSE,
        "teacher": {"kind": "gaussian-mixture", "components": 2, "scaling": "clipped"},
    },
    "vae": {"size": 3, "network": DENSE},
    "vicreg": {
        "hidden": [16],
        "embedding": 6,
        "expander": [12, 12],
        "size": 2,
        "network": {"kind": "dense", "hidden": [8]},
    },
}
SHAPES = {"cloud-autoencoder": RELATIVE, "gan": RELATIVE_PT, "observables": (57,), "student": (57,)}


def of_table(table):
    """A small detector as a recipe makes it; one that the table above does not know takes its defaults, and dense layers."""
    kind = table.model_fields["kind"].default
    needs_network = "network" in table.model_fields
    settings = SMALL.get(kind, {"network": DENSE} if needs_network else {})
    return kind, lambda: build(table(**settings), SHAPES.get(kind, (N_FEATURES,)), seed=1)


VARIANTS = {
    "pca-scaled": lambda: PCA(2, shape=(N_FEATURES,), scaling=Standardize()),
    "pca-images": lambda: PCA(2, shape=SHAPE),
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
    "outlier-exposure-network": lambda: exposed(
        OutlierExposure(
            dense_encoder(2), families=["near", "far"], shape=(N_FEATURES,), scaling=Standardize()
        )
    ),
    "student-of-a-function": lambda: taught(Student(dense_encoder(1))),
    "vae-residual": lambda: VAE(residual_encoder(), residual_decoder(3)),
    "joint-vae-residual": lambda: JointVAE(residual_encoder(), residual_decoder(7), gaussian=3, classes=4),
    "categorical-vae": lambda: JointVAE(
        dense_encoder(), dense_decoder(8), gaussian=0, categorical=2, classes=4
    ),
    "clouds-lorentz": lambda: CloudAutoencoder(
        clouds.lorentz_encoder(FOUR_VECTORS, hidden=16, layers=1, vectors=4, size=18),
        clouds.lorentz_decoder(18, hidden=16, layers=1, vectors=4, shape=FOUR_VECTORS),
    ),
    "clouds-vae": lambda: VAE(
        clouds.message_passing_encoder(RELATIVE, hidden=8, layers=1),
        clouds.attention_decoder(3, hidden=8, layers=1, shape=RELATIVE),
    ),
    "flow-affine": lambda: Flow(
        shape=(N_FEATURES,), transform="affine", layers=2, hidden=(16,), scaling=Standardize()
    ),
    "flow-clouds": lambda: CloudFlow(shape=RELATIVE, layers=2, hidden=(16,)),
    "flow-matching-clouds": lambda: FlowMatching(
        cloud_velocity(RELATIVE_PT, hidden=16, layers=1), scaling=StandardizeClouds()
    ),
}
CASES = dict(map(of_table, DETECTORS)) | VARIANTS
GROWN = CASES["outlier-exposure"]
CASES["outlier-exposure"] = lambda: exposed(GROWN())


# Minutes of compilation; their kin are tried every day.
SLOW = {
    "autoencoder-inception-and-dense-block",
    "autoencoder-residual",
    "autoencoder-unet",
    "categorical-vae",
    "clouds-lorentz",
    "clouds-vae",
    "diffusion",
    "flow",
    "flow-affine",
    "flow-matching",
    "joint-vae",
    "vae-residual",
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in CASES],
)
def made(request):
    """A detector and all its numbers; made and compiled once, because that takes most of the time."""
    keras.utils.set_random_seed(1)
    detector = CASES[request.param]()
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
    return with_momenta((hidden @ rng.normal(size=(2, features))).astype(np.float32))


def with_momenta(x):
    """Trigger objects have a pT that is not negative; other features mean nothing."""
    if x.shape[1] == 57:
        x[:, ::3] = np.abs(x[:, ::3])
    return x


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
        return with_momenta(4 * rng.normal(size=x[:64].shape).astype(np.float32))
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


@pytest.mark.slow
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
