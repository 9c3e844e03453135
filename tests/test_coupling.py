"""Coupling layers against autodiff and the way back, features that are not there included."""

import jax
import keras
import numpy as np
import pytest

from offshell.errors import InputError
from offshell.models.densities.flows.coupling import CouplingChain, normal_nll

N_FEATURES, N_CONDITIONS = 6, 2


@pytest.fixture(scope="module", autouse=True)
def _double_precision():
    with jax.enable_x64(new_val=True):
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.fixture(params=["affine", "spline"])
def chain(request):
    """Three layers far from the identity."""
    rng = np.random.default_rng(1)
    chain = CouplingChain(
        N_FEATURES, transform=request.param, layers=3, hidden=(8,), condition_size=N_CONDITIONS
    )
    chain.set_weights([0.4 * rng.normal(size=weight.shape) for weight in chain.get_weights()])
    return chain


@pytest.fixture
def events():
    """Features, of which in the last event all are there, and a condition."""
    rng = np.random.default_rng(2)
    present = rng.random((5, N_FEATURES)) < [[0.6]] * 4 + [[1.0]]
    return rng.normal(size=present.shape) * present, present, rng.normal(size=(5, N_CONDITIONS))


def test_the_change_of_volume_is_that_of_autodiff(chain, events):
    def volume_change_and_jacobian(x, *others):
        def one(x):
            z, log_det = chain.call(x[None], *(other[None] for other in others))
            return z[0], log_det[0]

        jacobian, log_det = jax.jacfwd(one, has_aux=True)(x)
        return log_det, jacobian

    log_dets, jacobians = jax.jit(jax.vmap(volume_change_and_jacobian))(*events)
    there = [
        np.asarray(jacobian)[np.ix_(row, row)] for jacobian, row in zip(jacobians, events[1], strict=True)
    ]
    expected = [np.linalg.slogdet(jacobian)[1] for jacobian in there]
    assert np.abs(expected).min() > 0.1
    np.testing.assert_allclose(log_dets, expected, atol=1e-8)


def test_inverse_leads_back_and_what_is_not_there_stays_zero(chain, events):
    @jax.jit
    def there_and_back(x, *others):
        z, _ = chain.call(x, *others)
        return z, chain.inverse(z, *others)

    x, present, _ = events
    z, back = map(np.asarray, there_and_back(*events))
    assert (z[~present] == 0).all()
    assert (np.abs(z - x)[present] > 1e-3).mean() > 0.9
    np.testing.assert_allclose(back, x, atol=1e-8)


def test_an_event_depends_on_its_condition(chain, events):
    x, present, condition = events
    call = jax.jit(chain.call)
    (z, _), (moved, _) = call(x, present, condition), call(x, present, condition + 1)
    assert (z != moved).any(axis=1).all()


def test_normal_density_counts_the_features_that_are_there():
    present = np.array([[True, True], [True, False]])
    expected = [np.log(2 * np.pi) + (9 + 4) / 2, np.log(2 * np.pi) / 2 + 9 / 2]
    np.testing.assert_allclose(normal_nll(np.array([[3.0, 2.0], [3.0, 0.0]]), present), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [{"transform": "linear"}, {"features": 1}, {"layers": 1}],
    ids=["transform", "features", "layers"],
)
def test_what_cannot_be_a_flow_is_refused_in_one_line(wrong):
    settings = {"features": 4, "transform": "affine", "layers": 2, "hidden": (8,)} | wrong
    with pytest.raises(InputError, match="Expected: ") as caught:
        CouplingChain(settings.pop("features"), **settings)
    assert "\n" not in str(caught.value)
