"""Our side of training and scoring, for a process with the JAX backend."""

import jax.numpy as jnp
import networks
import numpy as np

import offshell
from offshell.models.terms import weighted_sum
from offshell.train.program import compile_program, start

SCORE_BATCHES = (128, 1024)


def training():
    return {f"offshell.fit, {size}, batch {batch}": epoch(size, batch) for size, batch in networks.TRAININGS}


def epoch(size, batch):
    """What `offshell.fit` does in each epoch after the first, which compiles."""
    model, loss = networks.detector(size)
    program, states = compile_program(model), [start(model, weighted_sum.parse(loss), 1e-3)]
    data, rng = jnp.asarray(networks.images(size)), np.random.default_rng(1)

    def work():
        nonlocal states
        order = rng.permutation(len(data)).reshape(-1, batch)
        states = [state for state, _ in program.run_epoch(states, data, [order])]
        return len(data)

    return work


def scoring():
    return {
        f"offshell.score, {size}, batch {batch}": scores(size, batch)
        for size in networks.SHAPES
        for batch in SCORE_BATCHES
    }


def scores(size, batch):
    (model, _), x = networks.detector(size), networks.images(size)

    def work():
        offshell.score(model, x, batch_size=batch)
        return len(x)

    return work
