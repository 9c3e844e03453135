"""Training a detector as pure, compiled JAX functions from state to state."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Integer

from offshell.models.batch import events_at_once
from offshell.models.detector import Detector
from offshell.models.terms import weighted_sum
from offshell.train.pruning import follow
from offshell.train.side_by_side import ForAll, at_once, side_by_side

__all__ = [
    "Program",
    "State",
    "compile_program",
    "install",
    "learning_rate_of",
    "start",
    "step_text",
    "with_learning_rate",
]

Rows = Integer[np.ndarray, "..."]


class State(NamedTuple):
    """Everything that makes one training differ from another; lists in the order of the Keras variables."""

    trainable: list[jax.Array]
    non_trainable: list[jax.Array]
    optimizer: list[jax.Array]
    loss: dict[str, jax.Array]
    """The weight of each term in the loss, which stays as it is."""


class Program(NamedTuple):
    """The compiled functions of one training or several, each with a list of one thing for each training."""

    run_epoch: ForAll[State, tuple[State, jax.Array]]
    """From states, events `(n, ...)` and batches of their rows `(steps, batch)` to new states and mean losses."""
    validate: ForAll[State, jax.Array]
    """From states, events and rows `(m,)` of them to the mean loss of these."""


def start(model: Detector, loss: Mapping[str, float], learning_rate: float) -> State:
    """The state of a built detector before the first step of Adam."""
    optimizer = _adam(model, learning_rate)
    variables = (model.trainable_variables, model.non_trainable_variables, optimizer.variables)
    trainable, non_trainable, moments = ([variable.value for variable in group] for group in variables)
    weights = {name: jnp.asarray(weight, jnp.float32) for name, weight in loss.items()}
    return State(trainable, non_trainable, moments, weights)


def compile_program(
    model: Detector, *, steps_per_epoch: int = 1, n_members: int = 1, validated_in_training: bool = False
) -> Program:
    """The functions that minimize weighted sums of terms with Adam.

    Args:
        model: a built detector, which lends its structure to all trainings.
        steps_per_epoch: by which a pruning schedule counts the epochs that are done.
        n_members: how many trainings there are.
        validated_in_training: whether the validation loss needs terms that exist only in training.
    """
    on_cpu = jax.default_backend() == "cpu"
    compiler = _stepwise if on_cpu and _is_convolutional(model) else _scanned
    step = _step(model, steps_per_epoch=steps_per_epoch)
    run_epoch, validate = compiler(step), _validation(model, training=validated_in_training)
    if on_cpu:
        return Program(side_by_side(run_epoch), side_by_side(validate))
    return Program(at_once(run_epoch, n_members=n_members), at_once(validate, n_members=n_members))


def step_text(model: Detector, shape: tuple[int, ...]) -> str:
    """One step of training a built detector as XLA would compile it: weights are arguments, settings are numbers.

    Detectors can share a program where this is the same.
    """
    state, batch = (
        start(model, weighted_sum.parse(model.default_loss), 1e-3),
        np.empty((2, *shape), np.float32),
    )
    return str(jax.jit(_step(model, steps_per_epoch=1)).lower(state, batch).as_text())


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
_Epoch = Callable[[State, jax.Array, Rows], tuple[State, jax.Array]]


def _adam(model: Detector, learning_rate: float = 1e-3) -> keras.optimizers.Adam:
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=model.momentum)
    optimizer.build(model.trainable_variables)
    return optimizer


def _step(model: Detector, *, steps_per_epoch: int) -> _Step:
    optimizer = _adam(model)
    # The optimizer counts a step after the constraints that end it.
    follow(model, lambda: (optimizer.iterations + 1) / steps_per_epoch)
    rates = [model.relative_rate(variable) for variable in model.trainable_variables]

    def objective(trainable: list[jax.Array], state: State, batch: jax.Array) -> tuple[Any, Any]:
        terms, non_trainable, penalties = model.stateless_call(
            trainable, state.non_trainable, batch, training=True, return_losses=True
        )
        return _mean_loss(terms, state) + sum(penalties), non_trainable

    def step(state: State, batch: jax.Array) -> tuple[State, jax.Array]:
        gradient = jax.value_and_grad(objective, has_aux=True)
        (value, non_trainable), gradients = gradient(state.trainable, state, batch)
        moved, moments = optimizer.stateless_apply(state.optimizer, gradients, state.trainable)
        trainable = list(map(_part_of_the_way, state.trainable, moved, rates))
        return State(trainable, non_trainable, moments, state.loss), value

    return step


def _part_of_the_way(start: jax.Array, end: jax.Array, rate: float) -> jax.Array:
    return end if rate == 1 else start + rate * (end - start)


def _mean_loss(terms: Mapping[str, jax.Array], state: State) -> jax.Array:
    return jnp.mean(sum(weight * terms[name] for name, weight in state.loss.items()))


def _scanned(step: _Step) -> _Epoch:
    @jax.jit
    def run_epoch(state: State, x: jax.Array, batches: Rows) -> tuple[State, jax.Array]:
        state, losses = jax.lax.scan(lambda state, batch: step(state, x[batch]), state, batches)
        return state, jnp.mean(losses)

    return run_epoch


def _stepwise(step: _Step) -> _Epoch:
    """On a CPU, XLA runs the gradients of convolutions 10 to 30 times slower inside a scan than outside."""
    compiled = jax.jit(lambda state, x, batch: step(state, x[batch]))

    def run_epoch(state: State, x: jax.Array, batches: Rows) -> tuple[State, jax.Array]:
        losses = []
        for batch in batches:
            state, value = compiled(state, x, batch)
            losses.append(value)
        return state, jnp.mean(jnp.stack(losses))

    return run_epoch


def _validation(model: Detector, *, training: bool) -> Callable[[State, jax.Array, Rows], jax.Array]:
    @jax.jit
    def partial_loss(state: State, x: jax.Array, rows: Rows) -> tuple[jax.Array, State]:
        terms, non_trainable = model.stateless_call(
            state.trainable, state.non_trainable, x[rows], training=training
        )
        value = jnp.mean(terms[model.validated_by]) if model.validated_by else _mean_loss(terms, state)
        return value, state._replace(non_trainable=non_trainable)

    def validate(state: State, x: jax.Array, rows: Rows) -> jax.Array:
        total, n_events = jnp.zeros(()), 0
        for part in _parts(rows, events_at_once(x.shape[1:]), equal=training):
            value, state = partial_loss(state, x, part)  # the next part draws other random numbers
            total, n_events = total + value * len(part), n_events + len(part)
        return total / n_events

    return validate


def _parts(rows: Rows, size: int, *, equal: bool) -> list[Rows]:
    """Parts of the rows, of equal size if a term depends on how many events there are."""
    size = min(size, len(rows))
    end = len(rows) - len(rows) % size if equal else len(rows)
    return [rows[begin : begin + size] for begin in range(0, end, size)]


def _is_convolutional(model: Detector) -> bool:
    """Convolutions of HGQ2 are told by their operation: they are no `keras.layers.Conv2D`."""
    return any(hasattr(layer, "convolution_op") for layer in model._flatten_layers())
