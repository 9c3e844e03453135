"""Training: the loss goes down, the validation loss decides when to stop, the best weights stay."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from offshell.errors import InputError, TrainingError
from offshell.models import weighted_sum
from offshell.models.detector import Detector
from offshell.train.program import compile_program, install, learning_rate_of, with_learning_rate

__all__ = ["fit"]

Events = Float[np.ndarray, "n ..."]


def fit(
    model: Detector,
    x: Events,
    *,
    loss: str | None = None,
    validation: float | Events = 0.1,
    epochs: int = 50,
    batch_size: int = 128,
    learning_rate: float = 1e-3,
    patience: int = 10,
    plateau: int = 4,
    seed: int = 0,
    progress: bool = True,
) -> dict[str, list[float]]:
    """Train a detector on background events with Adam; afterwards the model holds its best weights.

    What is not learned by gradient (see `Detector.adapt`) is estimated first. The validation loss decides when the
    learning rate is halved (after `plateau` epochs without a better one) and when training stops (after `patience`).
    It is computed as scores are, without sampling, unless the loss names a term that exists only in training.
    The same model, data and seed give bit-identical weights on the same machine.

    Args:
        model: a detector, changed in place.
        x: background events of shape `(n, ...)`.
        loss: weighted sum of terms such as `"bce + 3 * kl_gaussian"`; default: the detector's `default_loss`.
        validation: events for the validation loss, or the fraction of `x` to set aside for it.
        epochs: passes over the data at most.
        batch_size: events in a step; the shuffled remainder that fills no batch is left out of an epoch.
        learning_rate: of Adam (Kingma and Ba, arXiv:1412.6980), at the start.
        patience: epochs without a better validation loss after which training stops.
        plateau: epochs without a better validation loss after which the learning rate is halved.
        seed: of the split and of the order of the events.
        progress: whether to show a progress bar.

    Returns:
        The history: `loss`, `val_loss` and `learning_rate`, one number for each epoch; empty lists if the detector has
        nothing to learn by gradient.

    Raises:
        InputError: if the events are not finite or too few, or the loss names a term that the detector does not have.
        TrainingError: if the loss becomes NaN or infinite; the model then holds the best weights up to there.
    """
    _check_options(epochs=epochs, batch_size=batch_size, patience=patience, plateau=plateau)
    x, valid = _split(_checked(x), validation, seed)
    loss = loss or model.default_loss
    model.loss_of(model.outline(x.shape[1:], training=True), loss)  # refuses an unknown term before any work
    in_training = not set(weighted_sum.parse(loss)) <= set(model.outline(valid.shape[1:]))
    model.adapt(x)
    history: dict[str, list[float]] = {"loss": [], "val_loss": [], "learning_rate": []}
    if not model.trainable_variables:
        return history

    program = compile_program(model, loss, learning_rate, validated_in_training=in_training)
    data, valid_data, orders = jnp.asarray(x), jnp.asarray(valid), _orders(len(x), batch_size, seed)
    state = best = program.start
    try:
        with _progress_bar(epochs, shown=progress) as show:
            while len(history["loss"]) < epochs and _stalled(history["val_loss"]) < patience:
                state, train_loss = program.run_epoch(state, data, next(orders))
                val_loss = program.validate(state, valid_data)
                _record(history, float(train_loss), float(val_loss), learning_rate_of(state))
                show(history)
                stalled = _stalled(history["val_loss"])
                best = best if stalled else state
                if stalled and stalled % plateau == 0:
                    state = with_learning_rate(state, learning_rate_of(state) / 2)
    finally:
        install(best, model)
    return history


def _check_options(**options: int) -> None:
    for name, value in options.items():
        if value < 1:
            raise InputError(f"{name} is too small. Expected: at least 1. Received: {name}={value}.")


def _checked(x: Events) -> Events:
    x = np.asarray(x, np.float32)
    if not np.isfinite(x).all():
        n_bad = int((~np.isfinite(x.reshape(len(x), -1)).all(axis=1)).sum())
        raise InputError(
            f"x has events that are not finite. Expected: finite numbers. Received: {n_bad} of {len(x)} events with NaN or infinity."
        )
    return x


def _split(x: Events, validation: float | Events, seed: int) -> tuple[Events, Events]:
    train, valid = (
        (x, _checked(validation)) if isinstance(validation, np.ndarray) else _cut(x, validation, seed)
    )
    if not len(train) or not len(valid):
        raise InputError(
            "Too few events to train. Expected: at least one for training and one for validation. "
            f"Received: {len(train)} and {len(valid)}."
        )
    return train, valid


def _cut(x: Events, fraction: float, seed: int) -> tuple[Events, Events]:
    if not 0 < fraction < 1:
        raise InputError(
            f"validation is no fraction. Expected: a number between 0 and 1, or events. Received: {fraction}."
        )
    order, n_valid = np.random.default_rng(seed).permutation(len(x)), round(fraction * len(x))
    return x[order[n_valid:]], x[order[:n_valid]]


def _orders(n: int, batch_size: int, seed: int) -> Iterator[jnp.ndarray]:
    """Batches of indices `(steps, batch)`, shuffled anew for each epoch."""
    rng, batch = np.random.default_rng((seed, 1)), min(batch_size, n)
    while True:
        yield jnp.asarray(rng.permutation(n)[: n - n % batch].reshape(-1, batch))


def _record(history: dict[str, list[float]], loss: float, val_loss: float, learning_rate: float) -> None:
    if not (math.isfinite(loss) and math.isfinite(val_loss)):
        raise TrainingError(
            f"Training stopped in epoch {len(history['loss']) + 1}. Expected: a finite loss. Received: loss={loss}, "
            f"val_loss={val_loss}. Try a lower learning_rate than {learning_rate:g}."
        )
    for name, value in (("loss", loss), ("val_loss", val_loss), ("learning_rate", learning_rate)):
        history[name].append(value)


def _stalled(val_losses: list[float]) -> int:
    """Epochs since the best validation loss."""
    return len(val_losses) - 1 - int(np.argmin(val_losses)) if val_losses else 0


@contextmanager
def _progress_bar(epochs: int, *, shown: bool) -> Iterator[Callable[[dict[str, list[float]]], None]]:
    columns = (
        TextColumn("Training"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as bar:
        task = bar.add_task("epochs", total=epochs, losses="compiling")

        def show(history: dict[str, list[float]]) -> None:
            losses = f"loss {history['loss'][-1]:.4f}  validation {history['val_loss'][-1]:.4f}"
            bar.update(task, completed=len(history["loss"]), losses=losses)

        yield show
