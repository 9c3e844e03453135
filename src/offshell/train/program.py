"""Training a detector as pure, compiled JAX functions from state to state."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from offshell.models.detector import Detector

__all__ = ["Program", "State", "compile_program", "install", "learning_rate_of", "with_learning_rate"]


class State(NamedTuple):
    """Everything that training changes: lists of arrays in the order of the Keras variables."""

    trainable: list[jax.Array]
    non_trainable: list[jax.Array]
    optimizer: list[jax.Array]


class Program(NamedTuple):
    """The compiled functions of one training."""

    start: State
    run_epoch: Callable[[State, jax.Array, jax.Array], tuple[State, jax.Array]]
    """From state, events `(n, ...)` and batches of their indices `(steps, batch)` to state and mean loss."""
    validate: Callable[[State, jax.Array], jax.Array]
    """From state and events `(m, ...)` to their mean loss without sampling."""


def compile_program(model: Detector, loss: str, learning_rate: float) -> Program:
    """The functions that minimize a weighted sum of terms of a built detector with Adam."""
    optimizer = keras.optimizers.Adam(learning_rate)
    optimizer.build(model.trainable_variables)
    variables = (model.trainable_variables, model.non_trainable_variables, optimizer.variables)
    start = State(*([variable.value for variable in group] for group in variables))
    compiler = _stepwise if _is_convolutional(model) and jax.default_backend() == "cpu" else _scanned
    return Program(start, compiler(_step(model, optimizer, loss)), _validation(model, loss))


def install(state: State, model: Detector) -> None:
    """Write a state into the variables of the model that it belongs to."""
    for variables, values in (
        (model.trainable_variables, state.trainable),
        (model.non_trainable_variables, state.non_trainable),
    ):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


# Keras keeps the learning rate second among the variables of an optimizer, after the count of steps.
_LEARNING_RATE = 1


def learning_rate_of(state: State) -> float:
    """The learning rate that the next step uses."""
    return float(state.optimizer[_LEARNING_RATE])


def with_learning_rate(state: State, learning_rate: float) -> State:
    """The same state with another learning rate."""
    optimizer = list(state.optimizer)
    optimizer[_LEARNING_RATE] = jnp.asarray(learning_rate, optimizer[_LEARNING_RATE].dtype)
    return state._replace(optimizer=optimizer)


_Step = Callable[[State, jax.Array], tuple[State, jax.Array]]


def _step(model: Detector, optimizer: keras.optimizers.Optimizer, loss: str) -> _Step:
    def objective(
        trainable: list[jax.Array], non_trainable: list[jax.Array], batch: jax.Array
    ) -> tuple[Any, Any]:
        terms, non_trainable, penalties = model.stateless_call(
            trainable, non_trainable, batch, training=True, return_losses=True
        )
        return model.loss_of(terms, loss) + sum(penalties), non_trainable

    def step(state: State, batch: jax.Array) -> tuple[State, jax.Array]:
        gradient = jax.value_and_grad(objective, has_aux=True)
        (value, non_trainable), gradients = gradient(state.trainable, state.non_trainable, batch)
        trainable, moments = optimizer.stateless_apply(state.optimizer, gradients, state.trainable)
        return State(trainable, non_trainable, moments), value

    return step


def _scanned(step: _Step) -> Callable[[State, jax.Array, jax.Array], tuple[State, jax.Array]]:
    @jax.jit
    def run_epoch(state: State, x: jax.Array, batches: jax.Array) -> tuple[State, jax.Array]:
        state, losses = jax.lax.scan(lambda state, batch: step(state, x[batch]), state, batches)
        return state, jnp.mean(losses)

    return run_epoch


def _stepwise(step: _Step) -> Callable[[State, jax.Array, jax.Array], tuple[State, jax.Array]]:
    """On a CPU, XLA runs the gradients of convolutions 10 to 30 times slower inside a scan than outside."""
    compiled = jax.jit(lambda state, x, batch: step(state, x[batch]))

    def run_epoch(state: State, x: jax.Array, batches: jax.Array) -> tuple[State, jax.Array]:
        losses = []
        for batch in batches:
            state, value = compiled(state, x, batch)
            losses.append(value)
        return state, jnp.mean(jnp.stack(losses))

    return run_epoch


def _validation(model: Detector, loss: str) -> Callable[[State, jax.Array], jax.Array]:
    batch = 512  # large enough to be fast, small enough for the activations of a convolutional network

    @jax.jit
    def partial_loss(state: State, x: jax.Array) -> jax.Array:
        terms, _ = model.stateless_call(state.trainable, state.non_trainable, x, training=False)
        return jnp.asarray(model.loss_of(terms, loss))

    def validate(state: State, x: jax.Array) -> jax.Array:
        parts = [x[start : start + batch] for start in range(0, len(x), batch)]
        sums = [partial_loss(state, part) * len(part) for part in parts]
        return jnp.sum(jnp.stack(sums)) / len(x)

    return validate


def _is_convolutional(model: Detector) -> bool:
    return any(isinstance(layer, keras.layers.Conv2D) for layer in model._flatten_layers())
