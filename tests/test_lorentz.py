"""Networks of four-vectors: boosts and rotations go through, scalars do not notice."""

import jax
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

import offshell  # noqa: F401 - chooses the backend before Keras is imported
from offshell.errors import InputError
from offshell.models.networks import clouds
from offshell.models.networks.clouds.layers.minkowski import compressed, product

PARTICLES, VECTORS, SIZE = 6, 4, 19
N_SCALARS = SIZE - 4 * VECTORS
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


@pytest.fixture(scope="module", autouse=True)
def double_precision():
    """As the promise of 1e-10 asks for."""
    before = keras.config.floatx()
    with jax.enable_x64(new_val=True):
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(before)


@pytest.fixture(scope="module")
def networks(double_precision):  # noqa: ARG001 - comes first
    keras.utils.set_random_seed(1)
    encoder = clouds.lorentz_encoder((PARTICLES, 5), hidden=16, layers=1, vectors=VECTORS, size=SIZE)
    decoder = clouds.lorentz_decoder(SIZE, hidden=8, layers=1, vectors=VECTORS, shape=(PARTICLES, 5))
    rng = np.random.default_rng(2)
    for variable in (*encoder.variables, *decoder.variables):
        variable.assign(rng.normal(0.0, 0.4, variable.shape))  # no weight keeps a zero it began with
    return encoder, decoder


@pytest.fixture(scope="module")
def compiled(networks):
    return [jax.jit(network) for network in networks]


def jets(n=5, *, seed=3, n_present=4):
    """Massless particles near the x axis, the pt of a jet being one; the rest is padding."""
    rng = np.random.default_rng(seed)
    pt = rng.dirichlet(np.ones(n_present), n)
    eta, phi = rng.normal(0, 0.3, (2, n, n_present))
    columns = [pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta), np.ones_like(pt)]
    return np.pad(np.stack(columns, axis=-1), [(0, 0), (0, PARTICLES - n_present), (0, 0)])


def boost(rapidity, direction):
    """The matrix of a boost, of determinant one and symmetric."""
    n = np.asarray(direction) / np.linalg.norm(direction)
    matrix = np.eye(4)
    matrix[0, 0], matrix[0, 1:], matrix[1:, 0] = (
        np.cosh(rapidity),
        np.sinh(rapidity) * n,
        np.sinh(rapidity) * n,
    )
    matrix[1:, 1:] += (np.cosh(rapidity) - 1) * np.outer(n, n)
    return matrix


def rotation(seed):
    matrix = np.eye(4)
    turned, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix[1:, 1:] = turned * np.linalg.det(turned)
    return matrix


def moved(x, matrix):
    """Clouds, or rows of four-vectors, in another frame; the mask stays."""
    return np.concatenate([x[..., :4] @ matrix.T, x[..., 4:]], axis=-1)


def vectors_of(code):
    return np.asarray(code)[:, N_SCALARS:].reshape(-1, VECTORS, 4)


transformations = st.builds(
    lambda rapidity, direction, seed: boost(rapidity, direction) @ rotation(seed),
    st.floats(-1.5, 1.5),
    st.tuples(*[st.floats(0.1, 1.0)] * 3),
    st.integers(0, 1000),
)


@settings(max_examples=settings.default.max_examples // 5)
@given(transformations)
def test_scalars_stay_and_vectors_are_carried_along(compiled, matrix):
    np.testing.assert_allclose(matrix.T @ METRIC @ matrix, METRIC, atol=1e-12)
    encode, decode = compiled
    x = jets()
    code, code_elsewhere = encode(x), encode(moved(x, matrix))
    np.testing.assert_allclose(code_elsewhere[:, :N_SCALARS], code[:, :N_SCALARS], atol=1e-10)
    np.testing.assert_allclose(vectors_of(code_elsewhere), moved(vectors_of(code), matrix), atol=1e-10)
    np.testing.assert_allclose(decode(code_elsewhere), moved(np.asarray(decode(code)), matrix), atol=1e-10)


def test_the_code_tells_jets_apart(compiled):
    code = np.asarray(compiled[0](jets()))
    assert (code.std(axis=0) > 1e-3).all()


def test_the_order_of_particles_does_not_matter(compiled):
    encode, _ = compiled
    x = jets()
    shuffled = x[:, np.random.default_rng(4).permutation(PARTICLES)]
    np.testing.assert_allclose(encode(shuffled), encode(x), atol=1e-10)


def test_what_stands_in_the_padding_changes_nothing(compiled):
    encode, _ = compiled
    x = jets()
    filled = x + (1 - x[..., 4:]) * np.array([3.0, 1.0, -1.0, 2.0, 0.0])
    np.testing.assert_allclose(encode(filled), encode(x), atol=1e-10)


def test_less_padding_changes_nothing(networks, compiled):
    tighter = clouds.lorentz_encoder((4, 5), hidden=16, layers=1, vectors=VECTORS, size=SIZE)
    tighter.set_weights(networks[0].get_weights())
    x = jets()
    np.testing.assert_allclose(jax.jit(tighter)(x[:, :4]), compiled[0](x), atol=1e-10)


def test_attention_gives_zero_for_padding():
    layer = clouds.LorentzAttention(8, 4)
    rng = np.random.default_rng(5)
    mask = np.array([1.0, 1.0, 0.0])[None, :, None]
    features = [rng.normal(size=(1, 3, 8)), rng.normal(size=(1, 3, 4, 4)), mask]
    layer.build([part.shape for part in features])
    scalars, vectors = jax.jit(layer)(features)
    assert not np.any(scalars[:, 2])
    assert not np.any(vectors[:, 2])
    assert np.all(np.asarray(vectors[:, :2]) != 0)


def test_gradients_are_finite_for_empty_jets_and_for_a_single_massless_particle(compiled):
    encode, decode = compiled
    x = np.concatenate([np.zeros((2, PARTICLES, 5)), jets(3, n_present=1)])
    gradient = jax.jit(jax.grad(lambda x: ops.sum(ops.square(decode(encode(x))))))(x)
    assert np.isfinite(gradient).all()
    assert np.any(np.asarray(gradient)[2:])


def test_products_are_those_of_minkowski():
    time, space = np.eye(4)[:, [0]], np.eye(4)[:, [2]]
    lightlike = time + space
    assert product(time, time) == 1
    assert product(space, space) == -1
    assert product(lightlike, lightlike) == 0
    assert product(lightlike, time) == 1


def test_compressed_products_are_those_of_a_jet_of_500_gev():
    np.testing.assert_allclose(
        compressed(np.array([0.0, 1.0, -1.0])), [0, np.log1p(250_000), -np.log1p(250_000)], rtol=1e-12
    )
    slope = jax.jit(jax.grad(compressed))(1e-30)
    assert np.isfinite(slope)


def test_saved_networks_give_the_same(networks, compiled, tmp_path):
    for network, function, x in zip(networks, compiled, (jets(), np.ones((5, SIZE))), strict=True):
        network.save(tmp_path / "network.keras")
        loaded = keras.models.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(jax.jit(loaded)(x), function(x))


@pytest.mark.parametrize(("size", "vectors"), [(15, 4), (12, 3)])
def test_a_code_that_does_not_hold_its_vectors_is_refused(size, vectors):
    with pytest.raises(InputError, match="The code does not hold its vectors") as caught:
        clouds.lorentz_encoder((PARTICLES, 5), hidden=16, layers=1, vectors=vectors, size=size)
    assert "\n" not in str(caught.value)


def test_scalars_that_the_heads_cannot_share_are_refused():
    with pytest.raises(InputError, match="cannot be shared out") as caught:
        clouds.lorentz_encoder((PARTICLES, 5), hidden=24, layers=1, vectors=4, size=16)
    assert "\n" not in str(caught.value)
