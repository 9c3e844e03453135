import random

import jax
import numpy as np
import pytest

import offshell
from offshell import recipe as recipes
from offshell.inputs.prepare import shape
from offshell.models.build import build
from offshell.models.seeded import seeded


def state():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002 - what must stay as it is
    return random.getstate(), kind, keys.tolist(), rest


def test_random_numbers_follow_from_the_seed():
    found = []
    for seed in (1, 1, 2):
        with seeded(seed):
            found.append((random.random(), np.random.random()))  # noqa: NPY002
    assert found[0] == found[1]
    assert found[0][0] != found[2][0]
    assert found[0][1] != found[2][1]


def test_the_users_random_numbers_go_on():
    before = state()
    with seeded(2):
        assert state() != before
    assert state() == before


def test_even_after_an_error():
    before = state()
    with pytest.raises(ZeroDivisionError), seeded(2):
        1 / 0  # noqa: B018
    assert state() == before


# One of each way to make a detector: dense with biases, without any, several networks, a flow.
@pytest.mark.parametrize("name", ["l1-vae", "l1-svdd", "l1-vicreg", "l1-nae", "jets-flow"])
def test_weights_follow_from_the_seed_alone(name):
    recipe = recipes.load(name)
    seen = shape(recipe.inputs)
    before = state()
    first, again, other = (build(recipe.model, seen, seed=seed).get_weights() for seed in (1, 1, 2))
    assert state() == before
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, same)
    assert any(not np.array_equal(one, another) for one, another in zip(first, other, strict=True))


def test_training_and_scoring_leave_the_users_random_numbers_alone():
    model = recipes.load("l1-vae").model
    x = np.random.default_rng(1).normal(size=(64, 57)).astype(np.float32)
    options = {"epochs": 1, "batch_size": 16, "progress": False}
    before = state()
    offshell.fit(build(model, (57,), seed=1), x, **options)
    members = offshell.fit_ensemble(lambda seed: build(model, (57,), seed=seed), x, seeds=[1, 2], **options)
    offshell.score(members[0].model, x)
    assert state() == before


def test_making_weights_compiles_no_draw(caplog):
    """Each would cost a second of CPU."""
    jax.clear_caches()
    with jax.log_compiles(True), caplog.at_level("WARNING", logger="jax"):  # noqa: FBT003
        recipe = recipes.load("joint-vae")
        build(recipe.model, shape(recipe.inputs), seed=1)
    compiled = [r.getMessage() for r in caplog.records if "XLA compilation" in r.getMessage()]
    assert compiled  # the zeros of biases are
    assert not [message for message in compiled if "uniform" in message or "normal" in message]
