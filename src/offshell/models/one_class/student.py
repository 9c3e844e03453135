"""The student: a small network that tells the anomaly score of a large detector from the event itself."""

import math
from collections.abc import Callable
from typing import Any

import keras
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.detector import Detector

__all__ = ["Student"]


@keras.saving.register_keras_serializable(package="offshell")
class Student(Detector):
    r"""A network that regresses the score of a teacher, with the term `student`, its output.

    While `teacher` is a function from events to the numbers to learn, `(n,)`, training adds two terms, each the squared
    difference to them: `distillation` for background events, and `exposure` for mixed ones, some objects of which (or pixels)
    are those of another event. The teacher tells how anomalous those are, so that no signal is assumed, and the student sees
    more than the background. `offshell.compress.distill.distilled` sets the teacher, trains and takes it away: it is no part
    of the student, neither trained nor saved with it. Source: Pol et al. (arXiv:2310.06047), as the level-1 trigger CICADA
    does it; mixing is ours.

    Args:
        network: network from events to `(n, 1)`, such as `networks.dense_encoder(57, hidden=(16, 8), size=1)`.

    Raises:
        InputError: if the network has not one output.
    """

    default_loss = "distillation + exposure"

    def __init__(self, network: keras.Model, **options: Any) -> None:
        super().__init__(shape=network.input_shape[1:], **options)
        if network.output_shape != (None, 1):
            raise InputError(
                f"The network does not fit a student. Expected: one output, shape (n, 1). Received: {network.output_shape}."
            )
        self.network = network
        self.teacher: Callable[[KerasTensor], KerasTensor] | None = None
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        told = {"student": self._tell(x, training=training)}
        if training and self.teacher is not None:
            mixed = self._mixed(x)
            told["distillation"] = ops.square(told["student"] - self.teacher(x))
            told["exposure"] = ops.square(self._tell(mixed, training=True) - self.teacher(mixed))
        return told

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "network": self.network}

    def _tell(self, x: KerasTensor, *, training: bool) -> KerasTensor:
        return self.network(self.scaled(x), training=training)[:, 0]

    def _mixed(self, x: KerasTensor) -> KerasTensor:
        """Each event with a random share of the objects of its neighbor."""
        n_events, group = ops.shape(x)[0], self.scaling.group if self.scaling else 1
        share = keras.random.uniform((n_events, 1), seed=self.seed_generator)
        chance = keras.random.uniform((n_events, math.prod(self.shape) // group), seed=self.seed_generator)
        taken = ops.reshape(ops.repeat(chance < share, group, axis=1), ops.shape(x))
        return ops.where(taken, ops.roll(x, 1, axis=0), x)
