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
    """From state and events `(m, ...)` to their mean loss."""


def compile_program(
    model: Detector, loss: str, learning_rate: float, *, validated_in_training: bool = False
) -> Program:
    """The functions that minimize a weighted sum of terms of a built detector with Adam.

    Args:
        model: the detector.
        loss: weighted sum of its terms.
        learning_rate: of Adam.
        validated_in_training: whether the loss needs terms that exist only in training, in validation too.
    """
    optimizer = keras.optimizers.Adam(learning_rate)
    optimizer.build(model.trainable_variables)
    variables = (model.trainable_variables, model.non_trainable_variables, optimizer.variables)
    start = State(*([variable.value for variable in group] for group in variables))
    compiler = _stepwise if _is_convolutional(model) and jax.default_backend() == "cpu" else _scanned
    return Program(
        start,
        compiler(_step(model, optimizer, loss)),
        _validation(model, loss, training=validated_in_training),
    )


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


def _validation(model: Detector, loss: str, *, training: bool) -> Callable[[State, jax.Array], jax.Array]:
    batch = 512  # large enough to be fast, small enough for the activations of a convolutional network

    @jax.jit
    def partial_loss(state: State, x: jax.Array) -> tuple[jax.Array, State]:
        terms, non_trainable = model.stateless_call(
            state.trainable, state.non_trainable, x, training=training
        )
        return jnp.asarray(model.loss_of(terms, loss)), state._replace(non_trainable=non_trainable)

    def validate(state: State, x: jax.Array) -> jax.Array:
        total, n_events = jnp.zeros(()), 0
        for part in _parts(x, batch, equal=training):
            value, state = partial_loss(state, part)  # the next part draws other random numbers
            total, n_events = total + value * len(part), n_events + len(part)
        return total / n_events

    return validate


def _parts(x: jax.Array, size: int, *, equal: bool) -> list[jax.Array]:
    """Parts of at most `size` events; of equal size if a term depends on how many events there are."""
    size = min(size, len(x))
    end = len(x) - len(x) % size if equal else len(x)
    return [x[start : start + size] for start in range(0, end, size)]


def _is_convolutional(model: Detector) -> bool:
    return any(isinstance(layer, keras.layers.Conv2D) for layer in model._flatten_layers())
