"""Our side of the message-passing GAN, for a process with the JAX backend."""

import jax.numpy as jnp
import numpy as np
from gan import BATCHES, N_GENERATED, N_PARTICLES, SIZES

import offshell  # noqa: F401 - chooses the backend before Keras is imported
from offshell.models.densities.gan.gan import GAN
from offshell.models.networks.clouds import message_passing_critic, message_passing_generator
from offshell.models.terms import weighted_sum
from offshell.train.program import compile_program, start

SHAPE = (N_PARTICLES, 4)


def cases():
    found = {}
    for size, batch in BATCHES.items():
        model = game(size)
        found |= {
            f"offshell training, {size}": step(model, batch),
            f"offshell generation, {size}": new_jets(model),
        }
    return found


def game(size):
    widths = SIZES[size]
    passing = {"edge": widths["edge"], "node": widths["node"]}
    generator = message_passing_generator(SHAPE, noise=widths["features"], **passing)
    model = GAN(generator, message_passing_critic(SHAPE, features=widths["features"], **passing))
    model.adapt(jets(128))
    model.outline(SHAPE, training=True)
    return model


def jets(n):
    rng = np.random.default_rng(1)
    angles, pt = rng.normal(size=(2, n, N_PARTICLES)), rng.uniform(0.01, 0.1, size=(n, N_PARTICLES))
    return np.stack([*angles, pt, np.ones_like(pt)], axis=2).astype(np.float32)


def step(model, batch):
    program = compile_program(model)
    states = [start(model, weighted_sum.parse(model.default_loss), 1e-3)]
    data, rows = jnp.asarray(jets(batch)), np.arange(batch)[None]

    def work():
        nonlocal states
        states = [state for state, _ in program.run_epoch(states, data, [rows])]
        return batch

    return work


def new_jets(model):
    def work():
        return len(model.generate(N_GENERATED, seed=1))

    return work
