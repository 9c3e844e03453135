"""Our side of training and scoring on trigger events, for a process with the JAX backend."""

import autoencoder
import jax.numpy as jnp
import numpy as np
from autoencoder import BATCH, N_EVENTS
from trigger_training import EPOCHS, SEEDS

import offshell
from offshell.train.program import compile_program, start

OPTIONS = {"validation": 0.1, "epochs": EPOCHS, "batch_size": BATCH, "progress": False}


def training():
    return {
        "offshell.fit, 1 epoch": epoch(),
        "offshell.fit_ensemble, 8 models": ensemble,
        "offshell.fit, 8 models in turn": in_turn,
    }


def epoch():
    """What `offshell.fit` does in each epoch after the first, which compiles."""
    model = autoencoder.detector(1)
    program, states = compile_program(model), [start(model, {"mse": 1.0}, 1e-3)]
    data, rng = jnp.asarray(autoencoder.events()), np.random.default_rng(1)

    def work():
        nonlocal states
        order = rng.permutation(N_EVENTS).reshape(-1, BATCH)
        states = [state for state, _ in program.run_epoch(states, data, [order])]
        return N_EVENTS

    return work


def ensemble():
    members = offshell.fit_ensemble(autoencoder.detector, autoencoder.events(), seeds=SEEDS, **OPTIONS)
    return sum(len(member.history["loss"]) for member in members) * N_EVENTS


def in_turn():
    n_epochs = 0
    for seed in SEEDS:
        history = offshell.fit(autoencoder.detector(seed), autoencoder.events(), seed=seed, **OPTIONS)
        n_epochs += len(history["loss"])
    return n_epochs * N_EVENTS


def scoring():
    model, x = autoencoder.detector(1), autoencoder.events()

    def work():
        offshell.score(model, x)
        return len(x)

    return {"offshell.score": work}
