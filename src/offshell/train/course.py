"""One training on its way: its schedule, its history, its best weights and its end."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import numpy as np
from jaxtyping import Integer

from offshell.errors import InputError, TrainingError
from offshell.train.program import State, learning_rate_of, with_learning_rate

__all__ = ["Course", "History", "Schedule"]

History = dict[str, list[float]]
"""`loss`, `val_loss` and `learning_rate`, one number for each epoch."""


@dataclass(frozen=True)
class Schedule:
    """How long to train; see `offshell.fit`.

    Attributes:
        epochs: At most.
        batch_size: Events in a step.
        patience: Epochs without a better validation loss before the end.
        plateau: Epochs without one before the learning rate is halved.
        first: The epoch from which on validation losses are compared: before it the network is still being pruned.
    """

    epochs: int
    batch_size: int
    patience: int
    plateau: int
    first: int = 1

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value < 1:
                raise InputError(f"{name} is too small. Expected: at least 1. Received: {name}={value}.")
        if self.first > self.epochs:
            raise InputError(
                f"Training would end before pruning does. Expected: at least {self.first} epochs. Received: epochs={self.epochs}."
            )


def _empty_history() -> History:
    return {"loss": [], "val_loss": [], "learning_rate": []}


@dataclass
class Course:
    """What changes from epoch to epoch.

    Attributes:
        schedule: How long it goes.
        seed: Of the split and of the order of the events.
        orders: Batches of rows for each epoch.
        valid: Rows of the validation events.
        state: Where the training stands.
        best: Where it stood after the epoch with the best validation loss of those that are compared; before them, the last.
        history: One number for each epoch.
    """

    schedule: Schedule
    seed: int
    orders: Iterator[Integer[np.ndarray, "steps batch"]]
    valid: Integer[np.ndarray, " n_valid"]
    state: State
    best: State
    history: History = field(default_factory=_empty_history)

    def goes_on(self) -> bool:
        """Whether there is another epoch."""
        return len(self.history["loss"]) < self.schedule.epochs and self._stalled() < self.schedule.patience

    def take(self, state: State, *, loss: float, val_loss: float) -> None:
        """Note how an epoch went, keep the best state, halve the learning rate on a plateau.

        Raises:
            TrainingError: if a loss is NaN or infinite.
        """
        self._record(loss, val_loss, learning_rate_of(state))
        stalled = self._stalled()
        self.best = self.best if stalled else state
        halved = stalled > 0 and stalled % self.schedule.plateau == 0
        self.state = with_learning_rate(state, learning_rate_of(state) / 2) if halved else state

    def _stalled(self) -> int:
        """Epochs since the best validation loss of those that are compared."""
        val_losses = self.history["val_loss"][self.schedule.first - 1 :]
        return len(val_losses) - 1 - int(np.argmin(val_losses)) if val_losses else 0

    def _record(self, loss: float, val_loss: float, learning_rate: float) -> None:
        if not (math.isfinite(loss) and math.isfinite(val_loss)):
            raise TrainingError(
                f"Training with seed {self.seed} stopped in epoch {len(self.history['loss']) + 1}. Expected: a finite "
                f"loss. Received: loss={loss}, val_loss={val_loss}. Try a lower learning_rate than {learning_rate:g}."
            )
        for name, value in (("loss", loss), ("val_loss", val_loss), ("learning_rate", learning_rate)):
            self.history[name].append(value)
