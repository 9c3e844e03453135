"""Networks that see a time: what they must not depend on, and what they must."""

import jax
import keras
import numpy as np
import pytest
from jax import numpy as jnp

from offshell.models.densities.paths.time_conditioned import TimeFeatures, cloud_velocity, vector_velocity

N_PARTICLES = 6


@pytest.fixture(scope="module")
def clouds():
    """Noisy particles of three jets, their times, conditions and masks."""
    rng = np.random.default_rng(1)
    mask = (np.arange(N_PARTICLES) < np.array([[6], [3], [1]]))[..., None]
    arrays = (
        rng.normal(size=(3, N_PARTICLES, 3)) * mask,
        [[0.0], [0.5], [1.0]],
        rng.normal(size=(3, 2)),
        mask,
    )
    return [jnp.asarray(array, jnp.float32) for array in arrays]


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(1)
    return jax.jit(cloud_velocity((N_PARTICLES, 5), hidden=16, layers=2))


def test_time_features_are_cosines():
    features = np.asarray(TimeFeatures(frequencies=3)(jnp.asarray([[0.0], [0.5], [1.0]])))
    assert features == pytest.approx(np.array([[1, 1, 1], [0, -1, 0], [-1, 1, -1]]), abs=1e-6)


def test_exchanging_particles_exchanges_their_velocities(network, clouds):
    x_t, time, condition, mask = clouds
    order = np.array([4, 2, 0, 5, 1, 3])
    exchanged = network([x_t[:, order], time, condition, mask[:, order]])
    assert np.asarray(exchanged) == pytest.approx(np.asarray(network(clouds))[:, order], abs=1e-5)


def test_padding_has_no_velocity_and_no_effect(network, clouds):
    x_t, time, condition, mask = clouds
    velocity = np.asarray(network(clouds))
    assert (velocity[np.asarray(mask)[..., 0] == 0] == 0).all()
    assert (velocity[np.asarray(mask)[..., 0] == 1] != 0).all()
    polluted = network([x_t + 9 * (1 - mask), time, condition, mask])
    assert np.asarray(polluted) == pytest.approx(velocity, abs=1e-5)


@pytest.mark.parametrize("index", [1, 2], ids=["time", "condition"])
def test_velocity_depends_on_time_and_condition(network, clouds, index):
    others = list(clouds)
    others[index] = others[index] + 0.3
    assert (np.abs(np.asarray(network(others)) - network(clouds))[0] > 1e-4).all()


def test_velocity_of_a_vector_depends_on_its_own_time_only():
    network = jax.jit(vector_velocity(4, hidden=16, blocks=2))
    x_t, time = jnp.ones((2, 4)), jnp.asarray([[0.2], [0.7]])
    together, alone = network([x_t, time, x_t]), network([x_t[1:], time[1:], x_t[1:]])
    assert np.asarray(together)[1] == pytest.approx(np.asarray(alone)[0], abs=1e-6)
    assert (np.abs(np.asarray(together)[0] - together[1]) > 1e-4).all()


def test_velocity_of_a_vector_is_zero_where_nothing_is_and_sees_what_is_there():
    network = jax.jit(vector_velocity(4, hidden=16, blocks=2))
    x_t, time = jnp.ones((1, 4)), jnp.asarray([[0.2]])
    present = jnp.asarray([[1.0, 1.0, 0.0, 1.0]])
    fewer, all_there = (np.asarray(network([x_t * there, time, there]))[0] for there in (present, x_t))
    assert fewer[2] == 0
    assert (np.abs(fewer - all_there) > 1e-4).all()
