import ast
from pathlib import Path

import keras
import numpy as np
import pytest
from scipy import stats

import offshell
from offshell.models.networks.drawn import Conv2D, Dense, GlorotUniform, MultiHeadAttention

MODELS = Path(offshell.__file__).parent / "models"


def drawn(shape, seed=1):
    return np.asarray(GlorotUniform(seed=seed)(shape))


# The fans of a kernel that moves over a grid count its pixels; those of Keras' attention its axes before the last two.
@pytest.mark.parametrize(
    ("shape", "fans"),
    [((30, 20), 50), ((3, 3, 8, 12), 9 * 20), ((16, 4, 8), 16 * 12), ((1, 1), 2)],
)
def test_limits_are_those_of_glorot_and_bengio(shape, fans):
    values = np.concatenate([drawn(shape, seed).ravel() for seed in range(500)])
    limit = np.sqrt(6 / fans)
    assert 0.98 * limit < np.abs(values).max() <= limit * (1 + 1e-6)


@pytest.mark.parametrize("shape", [(64, 96), (3, 3, 16, 24), (32, 4, 16)])
def test_distribution_is_that_of_keras(shape):
    ours, theirs = drawn(shape), np.asarray(keras.initializers.GlorotUniform(seed=1)(shape))
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 0.01
    assert ours.std() == pytest.approx(theirs.std(), rel=0.05)


def test_weights_of_a_layer_are_not_correlated():
    values = drawn((100, 100))
    assert (
        np.abs(np.corrcoef(values)[np.triu_indices(100, 1)]).max() < 0.5
    )  # five standard deviations of 1/sqrt(100)


def test_seed_decides():
    np.testing.assert_array_equal(drawn((5, 7)), drawn((5, 7)))
    assert not np.isclose(drawn((5, 7), seed=1), drawn((5, 7), seed=2)).any()


def kernels(model):
    return [weight for weight in model.get_weights() if weight.ndim > 1]


def stack(n_layers):
    layers = [keras.Input((6,)), *(Dense(6) for _ in range(n_layers))]
    return kernels(keras.Sequential(layers))


def test_each_layer_draws_its_own():
    keras.utils.set_random_seed(3)
    first, second, third = stack(3)
    assert not np.isclose(first, second).any()
    assert not np.isclose(second, third).any()
    keras.utils.set_random_seed(3)
    np.testing.assert_array_equal(stack(1)[0], first)  # however many layers follow


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(Dense(3), (2, 4)), (Conv2D(3, 3), (2, 8, 8, 1)), (MultiHeadAttention(2, 4), (2, 5, 8))],
)
def test_layers_are_made_again_from_their_configuration(layer, shape):
    again = type(layer).from_config(layer.get_config())
    again.build(*([shape] * (2 if isinstance(layer, keras.layers.MultiHeadAttention) else 1)))
    assert kernels(again)
    again_config = keras.saving.serialize_keras_object(again)
    assert "offshell>GlorotUniform" in str(again_config)


def test_half_precision_is_kept():
    assert GlorotUniform(seed=1)((4, 4), dtype="float16").dtype == np.float16


def test_no_network_leaves_its_weights_to_keras():
    """A layer of Keras itself would be right, and cost a second of CPU for each shape."""
    slow = []
    for path in MODELS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value)
                known = {"Dense", "Conv2D", "MultiHeadAttention", "EinsumDense", "Conv1D", "Embedding"}
                if owner in {"layers", "keras.layers"} and node.func.attr in known:
                    slow.append(f"{path.name}:{node.lineno}")
    assert not slow
