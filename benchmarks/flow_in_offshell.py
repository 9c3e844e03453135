"""Our side of the coupling flow, for a process with the JAX backend."""

import jax.numpy as jnp
import numpy as np
from flow import (
    BATCH,
    HIDDEN,
    LAYERS,
    N_FEATURES,
    N_GENERATED,
    N_SCORED,
    N_TRAIN,
    TRANSFORMS,
)

import offshell
from offshell.models import Flow
from offshell.train.program import compile_program, start


def cases():
    found = {}
    for transform in TRANSFORMS:
        model = Flow(shape=(N_FEATURES,), transform=transform, layers=LAYERS, hidden=HIDDEN)
        model.outline((N_FEATURES,))
        found |= {
            f"offshell training, {transform}": epoch(model),
            f"offshell likelihood, {transform}": likelihoods(model),
            f"offshell generation, {transform}": new_events(model),
        }
    return found


def events(n_events):
    return np.random.default_rng(1).normal(size=(n_events, N_FEATURES)).astype(np.float32)


def epoch(model):
    """What `offshell.fit` does in each epoch after the first, which compiles."""
    program, states = compile_program(model), [start(model, {"nll": 1.0}, 1e-3)]
    data, rng = jnp.asarray(events(N_TRAIN)), np.random.default_rng(1)

    def work():
        nonlocal states
        order = rng.permutation(N_TRAIN).reshape(-1, BATCH)
        states = [state for state, _ in program.run_epoch(states, data, [order])]
        return N_TRAIN

    return work


def likelihoods(model):
    x = events(N_SCORED)

    def work():
        offshell.score(model, x)
        return N_SCORED

    return work


def new_events(model):
    def work():
        return len(model.generate(N_GENERATED, seed=1))

    return work
