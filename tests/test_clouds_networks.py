"""Encoders and decoders of clouds: what a code may depend on, and what a decoder makes of it."""

import jax
import keras
import numpy as np
import pytest

from offshell.models import VAE
from offshell.models.networks import clouds
from offshell.models.networks.clouds.layers.coordinates import ParticleFeatures, ParticleHead

PARTICLES = 6
ENCODERS = (clouds.deep_sets_encoder, clouds.attention_encoder, clouds.message_passing_encoder)
DECODERS = (clouds.deep_sets_decoder, clouds.attention_decoder, clouds.message_passing_decoder)


@pytest.fixture
def double():
    """Everything in double precision."""
    for choose in (keras.config.set_floatx, keras.config.set_dtype_policy):
        choose("float64")
    with jax.enable_x64(new_val=True):
        yield
    for choose in (keras.config.set_floatx, keras.config.set_dtype_policy):
        choose("float32")


@pytest.fixture
def jets():
    """Jets with six, four and one particles in relative coordinates."""
    rng = np.random.default_rng(1)
    mask = (np.arange(PARTICLES) < np.array([[6], [4], [1]]))[..., None].astype(float)
    angles, pt = rng.normal(scale=0.3, size=(3, PARTICLES, 2)), rng.uniform(0.01, 0.5, size=(3, PARTICLES, 1))
    return np.concatenate([angles, pt, np.ones_like(mask)], axis=-1) * mask


def as_four_vectors(x):
    """Energy, momentum and mask of the same jets."""
    eta, phi, pt, mask = np.moveaxis(x, -1, 0)
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta), mask], axis=-1)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("encoder", ENCODERS)
def test_codes_depend_neither_on_order_nor_padding_nor_layout(encoder, jets):
    network = encoder((PARTICLES, 4), hidden=4, layers=2, size=3)
    code = jax.jit(network)
    straight = np.asarray(code(jets))
    assert (straight.shape, straight.dtype) == ((3, 3), np.float64)
    order = np.random.default_rng(2).permutation(PARTICLES)
    np.testing.assert_allclose(code(jets[:, order]), straight, atol=1e-10)
    garbage = jets + (1 - jets[..., 3:]) * np.array([0.1, 0.2, 0.3, 0.0])
    np.testing.assert_allclose(code(garbage), straight, atol=1e-10)
    of_four_vectors = encoder((PARTICLES, 5), hidden=4, layers=2, size=3)
    of_four_vectors.set_weights(network.get_weights())
    # Keras normalizes layers in single precision.
    np.testing.assert_allclose(jax.jit(of_four_vectors)(as_four_vectors(jets)), straight, atol=1e-5)


@pytest.mark.parametrize("decoder", DECODERS)
def test_decoded_particles_are_massless_and_share_the_momentum(decoder):
    codes = np.random.default_rng(3).normal(size=(4, 2)).astype(np.float32)
    relative = decoder(2, hidden=4, layers=1, shape=(PARTICLES, 4))
    four_vectors = decoder(2, hidden=4, layers=1, shape=(PARTICLES, 5))
    four_vectors.set_weights(relative.get_weights())
    jets, vectors = (np.asarray(jax.jit(network)(codes)) for network in (relative, four_vectors))
    np.testing.assert_allclose(vectors, as_four_vectors(jets), rtol=1e-5, atol=1e-6)
    assert (jets[..., 2] > 0).all()
    assert (jets[..., 3] == 1).all()
    # Before training, no code changes the total.
    assert jets[..., 2].sum(axis=1) == pytest.approx(np.ones(4), rel=1e-5)
    assert np.abs(jets - jets[:1]).max() > 1e-3


def test_features_are_the_coordinates_in_units_of_their_widths():
    jet = np.array([[[0.2, -0.4, np.exp(-2.6), 1.0], [0.0, 0.0, 0.0, 0.0]]])
    features, mask = jax.jit(ParticleFeatures())(jet)
    momentum = np.exp(-2.6) * np.array([np.cos(0.4), -np.sin(0.4), np.sinh(0.2)])
    expected = [1.0, -2.0, 1.0, *(10 * momentum)]
    assert np.asarray(features)[0, 0] == pytest.approx(expected, rel=1e-5)
    assert not np.asarray(features)[0, 1].any()
    assert np.asarray(mask).ravel().tolist() == [1, 0]


def test_features_have_finite_gradients_where_there_is_no_particle():
    def total(x):
        return ParticleFeatures()(x)[0].sum()

    assert np.isfinite(jax.jit(jax.grad(total))(np.zeros((1, 2, 4), np.float32))).all()


def test_the_head_bounds_the_angles():
    head = ParticleHead(4)
    head.build((None, 2, 3))
    angles = np.asarray(jax.jit(head)(1e4 * np.ones((1, 2, 3), np.float32)))[..., :2]
    assert np.abs(angles).max() <= 2


def test_wide_networks_have_the_size_of_their_layers():
    hidden, size = 8, 3
    encoder = clouds.deep_sets_encoder((30, 4), hidden=hidden, layers=1, size=size)
    epic = (3 * hidden + 1) * hidden + 3 * (hidden + 1) * hidden + hidden * hidden
    pooled = (hidden + 1) * 2 * hidden + (4 * hidden + 1) * 2 * hidden + (2 * hidden + 1) * hidden
    assert encoder.count_params() == (6 + 1) * hidden + epic + pooled + (hidden + 1) * size


def test_a_vae_of_clouds_has_their_terms_and_generates_them():
    model = VAE(
        clouds.deep_sets_encoder((PARTICLES, 4), hidden=4, layers=1),
        clouds.deep_sets_decoder(2, hidden=4, layers=1, shape=(PARTICLES, 4)),
    )
    of_clouds = {"chamfer", "sliced", "mse", "minkowski", "pair_mass", "jet_mass", "jet_pt"}
    assert model.outline((PARTICLES, 4)).keys() >= of_clouds | {"kl_gaussian"}
    assert model.generate(5, seed=1).shape == (5, PARTICLES, 4)
