"""Generators and critics of clouds: shapes, padding, order, and no weight without use."""

import jax
import keras
import numpy as np
import pytest
from adversaries import CRITICS, GENERATORS, NOISE, PARTICLES

from offshell.errors import InputError
from offshell.models.networks import clouds

SHAPE = (PARTICLES, 5)
MASK = (np.arange(PARTICLES) < np.array([[6], [3], [1]]))[..., None].astype(np.float32)
CONDITION = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)
COORDINATES = (np.random.default_rng(2).normal(size=(3, PARTICLES, 3)) * MASK).astype(np.float32)
ORDER = np.random.default_rng(3).permutation(PARTICLES)


def noise(generator):
    return np.random.default_rng(4).normal(size=(3, *generator.input_shape[0][1:])).astype(np.float32)


@pytest.fixture(params=GENERATORS)
def generator(request):
    keras.utils.set_random_seed(1)
    return GENERATORS[request.param](SHAPE)


@pytest.fixture(params=CRITICS)
def critic(request):
    keras.utils.set_random_seed(1)
    return CRITICS[request.param](SHAPE)


def in_turn(network, *cases):
    """What a network makes of several batches, in one call."""
    found = jax.jit(network)([np.concatenate(parts) for parts in zip(*cases, strict=True)])
    return np.split(np.asarray(found), len(cases))


def test_generators_make_particles_that_depend_on_noise_and_condition_and_nothing_for_padding(generator):
    z = noise(generator)
    cases = (
        [z, CONDITION, MASK],
        [z + 1, CONDITION, MASK],
        [z, CONDITION + 1, MASK],
        [1e3 * z, CONDITION, MASK],
    )
    made, *others, far = in_turn(generator, *cases)
    assert made.shape == (3, PARTICLES, 3)
    assert not made[MASK[..., 0] == 0].any()
    assert len(np.unique(made[0].round(6), axis=0)) == PARTICLES
    for other in others:
        assert (np.abs(made - other).max(axis=(1, 2)) > 1e-4).all()
    assert 9 < np.abs(far).max() <= 10  # widths


def test_messages_make_particles_in_any_order():
    generator = GENERATORS["message-passing"](SHAPE)
    z = noise(generator)
    straight, permuted = in_turn(generator, [z, CONDITION, MASK], [z[:, ORDER], CONDITION, MASK[:, ORDER]])
    np.testing.assert_allclose(permuted, straight[:, ORDER], atol=1e-5)


def test_critics_see_particles_and_condition(critic):
    cases = (
        [COORDINATES, CONDITION, MASK],
        [COORDINATES + MASK, CONDITION, MASK],
        [COORDINATES, CONDITION + 1, MASK],
    )
    verdict, *others = in_turn(critic, *cases)
    assert verdict.shape == (3, 1)
    assert all((np.abs(verdict - other) > 1e-5).all() for other in others)


@pytest.mark.parametrize("name", ["point", "message-passing"])
def test_critics_of_sets_see_neither_order_nor_padding(name):
    permuted = [COORDINATES[:, ORDER], CONDITION, MASK[:, ORDER]]
    filled = [COORDINATES + 9 * (1 - MASK), CONDITION, MASK]
    verdict, *others = in_turn(CRITICS[name](SHAPE), [COORDINATES, CONDITION, MASK], permuted, filled)
    for other in others:
        np.testing.assert_allclose(other, verdict, atol=1e-5)


def test_mpgan_has_its_published_size():
    """By hand from the widths in the paper, with one condition; the file of the authors holds about 360,000 numbers."""
    edge, node = 2 * 33 * 96 + 96 + 97 * 160 + 161 * 192, (33 + 192) * 256 + 256 + 257 * 256
    first, second = edge + node + 257 * 32, edge - 2 * 96 + node - 256 + 257 * 3
    assert clouds.message_passing_generator((30, 4)).count_params() == first + second == 361_571


def test_a_tree_with_too_few_leaves_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"at least 6 leaves\. Received: 4 from 1 generations") as caught:
        clouds.tree_generator(SHAPE, noise=NOISE, hidden=(5,))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("generator", "critic"), list(zip(GENERATORS, [*CRITICS, "point"], strict=True)), indirect=True
)
def test_every_weight_is_used(generator, critic):
    z = noise(generator)

    @jax.jit
    @jax.grad
    def gradient(weights):
        made, _ = generator.stateless_call(weights[0], [], [z, CONDITION, MASK])
        return critic.stateless_call(weights[1], [], [made, CONDITION, MASK])[0].sum()

    weights = [
        [variable.value for variable in network.trainable_variables] for network in (generator, critic)
    ]
    assert all(np.any(g) for group in gradient(weights) for g in group)


def test_a_game_of_thirty_particles_begins_calmly():
    shape, rng = (30, 4), np.random.default_rng(2)
    keras.utils.set_random_seed(1)
    mask, condition = np.ones((20, 30, 1), np.float32), np.ones((20, 1), np.float32)
    made = GENERATORS["message-passing"](shape)([rng.normal(size=(20, 30, NOISE)), condition, mask])
    verdict = CRITICS["message-passing"](shape)([rng.normal(size=(20, 30, 3)), condition, mask])
    assert np.abs(made).mean() < 2
    assert np.abs(verdict).max() < 2
