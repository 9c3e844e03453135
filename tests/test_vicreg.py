"""The VICReg loss on batches made by hand, and who learns from which term."""

import jax
import keras
import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

import offshell
from offshell.errors import CollapseWarning
from offshell.models import Corruption, VICReg, networks
from offshell.models.one_class.effective_rank import effective_rank
from offshell.models.one_class.vicreg import vicreg

# Two columns of zero mean, unit variance (with n - 1) and no covariance.
WHITE = np.sqrt(3 / 4) * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float32)


def loss(a, b):
    return np.asarray(vicreg(np.asarray(a, np.float32), np.asarray(b, np.float32)))


def test_white_and_equal_views_cost_nothing():
    assert loss(WHITE, WHITE) == pytest.approx(np.zeros(4), abs=1e-4)


def test_difference_of_the_views_costs_25_times_its_mean_square_in_each_event():
    moved = np.add(WHITE, [[0.0, 0.0], [0.2, 0.4], [0.0, 0.0], [-0.2, -0.4]])
    difference = loss(WHITE, moved) - loss(WHITE, moved).min()
    assert difference == pytest.approx(25 * np.array([0, 0.1, 0, 0.1]), rel=1e-4)


def test_collapse_costs_25_for_each_view():
    """The width of a constant is sqrt(1e-4) = 0.01."""
    assert loss(np.ones((4, 3)), np.ones((4, 3))) == pytest.approx(np.full(4, 2 * 25 * 0.99), rel=1e-4)


def test_wide_views_cost_nothing_narrow_ones_what_they_lack():
    assert loss(3 * WHITE, 3 * WHITE) == pytest.approx(np.zeros(4), abs=1e-3)
    lack = 1 - np.sqrt(0.25 + 1e-4)
    assert loss(WHITE / 2, WHITE / 2) == pytest.approx(np.full(4, 2 * 25 * lack), rel=1e-4)


def test_copied_dimension_costs_its_squared_covariance():
    """Both off-diagonal elements are one, divided by two dimensions, for two views."""
    copied = WHITE[:, [0, 0]]
    assert loss(copied, copied) == pytest.approx(np.full(4, 2.0), rel=1e-3)


def networks_of(*, hidden):
    keras.utils.set_random_seed(1)
    return {
        "embedder": networks.dense_encoder(6, hidden=hidden, size=4),
        "expander": networks.dense_encoder(4, hidden=(8,), size=8, bias=False),
        "encoder": networks.dense_encoder(4, hidden=(), size=2),
        "decoder": networks.dense_decoder(2, hidden=(), features=4),
    }


@pytest.mark.parametrize(("term", "learners"), [("vicreg", {"embedder", "expander"}), ("mse", {"inside"})])
def test_embedding_learns_from_vicreg_and_autoencoder_from_mse(term, learners):
    parts = networks_of(hidden=(8,))
    model = VICReg(**parts, corruption=Corruption())
    x = np.random.default_rng(0).normal(size=(32, 6)).astype(np.float32)
    model(keras.Input((6,)))
    frozen = [v.value for v in model.non_trainable_variables]

    @jax.jit
    @jax.grad
    def gradient(weights):
        return model.loss_of(model.stateless_call(weights, frozen, x, training=True)[0], term)

    gradients = gradient([v.value for v in model.trainable_variables])
    learning = {id(v) for v, g in zip(model.trainable_variables, gradients, strict=True) if np.any(g)}
    owners = {"embedder": "embedder", "expander": "expander", "encoder": "inside", "decoder": "inside"}
    found = {
        owners[name] for name, part in parts.items() for v in part.trainable_variables if id(v) in learning
    }
    assert found == learners


X = np.random.default_rng(0).normal(size=(400, 6)).astype(np.float32)


def test_density_is_that_of_a_mixture_in_the_trained_embedding(tmp_path):
    model = VICReg(**networks_of(hidden=(8,)), corruption=Corruption(), components=2)
    offshell.fit(model, X, validation=X, epochs=2, progress=False)
    embedded = model.embedder.predict(X, verbose=0).astype(np.float64)
    truth = GaussianMixture(2, reg_covar=1e-3, max_iter=500, random_state=0).fit(embedded)
    assert offshell.score(model, X)["nll"] == pytest.approx(-truth.score_samples(embedded), abs=1e-3)
    model.save(tmp_path / "model.keras")
    loaded = offshell.load(tmp_path / "model.keras")
    np.testing.assert_array_equal(offshell.score(loaded, X)["nll"], offshell.score(model, X)["nll"])


def test_quality_does_not_change_when_the_embedding_shrinks_and_the_error_with_it():
    """The decoder has no way to shrink with it but its weights, so that here they are all zero: everything is lost."""
    model = VICReg(**networks_of(hidden=()), corruption=Corruption(noise=0, masking=0))
    for part in (model.decoder, model.expander):
        part.layers[-1].kernel.assign(np.zeros(part.layers[-1].kernel.shape))
    kernel = model.embedder.layers[-1].kernel
    centered = X - X.mean(axis=0)
    found = []
    for factor in (1.0, 0.1):
        kernel.assign(factor * kernel)
        found.append({name: np.asarray(term) for name, term in model(centered, training=True).items()})
    assert found[1]["mse"].mean() == pytest.approx(0.01 * found[0]["mse"].mean(), rel=1e-4)
    # The expanded views are all zero: 25 for each, and nothing but what the decoder loses beside it.
    expected = 2 * 25 * 0.99 + 1
    assert found[1]["quality"] == pytest.approx(np.full(400, expected), rel=1e-4)


def test_a_training_whose_embedding_is_a_line_is_noticed():
    model = VICReg(**networks_of(hidden=(1,)), corruption=Corruption(), components=1)
    with pytest.warns(
        CollapseWarning, match=r"embedding of a VICReg has collapsed.* 1\.0 of its 4 dimensions"
    ):
        offshell.fit(model, X, epochs=1, progress=False)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_effective_rank_of_equal_axes_is_their_number(n):
    axes = np.zeros((2 * n, 3))
    axes[:n, :n], axes[n:, :n] = np.eye(n), -np.eye(n)
    assert effective_rank(axes) == pytest.approx(n, rel=1e-6)


def test_effective_rank_of_no_spread_is_that_of_a_line():
    assert effective_rank(np.ones((5, 3))) == 1
