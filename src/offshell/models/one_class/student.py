"""The student: a small network that tells the anomaly score of a large detector from the event itself."""

import math
from collections.abc import Callable
from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import Field

from offshell.errors import InputError
from offshell.inputs.objects import N_FEATURES
from offshell.inputs.observables import TRIGGER
from offshell.models.baselines.gaussian_mixture import GaussianMixtureSettings
from offshell.models.baselines.neighbors import NeighborsSettings
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.networks.dense import DenseSettings
from offshell.models.one_class.tutor import Tutor
from offshell.models.settings import DetectorSettings

__all__ = ["Student", "StudentSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Student(Detector):
    r"""A network that regresses the score of a teacher, with the term `student`, its output.

    While `teacher` is a function from events to the numbers to learn, `(n,)`, training adds two terms, each the squared
    difference to them: `distillation` for background events, and `exposure` for mixed ones, some objects of which (or pixels)
    are those of another event. The teacher tells how anomalous those are, so that no signal is assumed, and the student sees
    more than the background. `offshell.compress.distill.distilled` sets the teacher, trains and takes it away: it is no part
    of the student, neither trained nor saved with it. With a `tutor`, which `adapt` makes from the background, the student is
    taught by that from then on: its background is turned and mirrored, and two events are laid over each other instead of mixed.
    In an ensemble all members have the tutor of the first. Source: Pol et al. (arXiv:2310.06047), as the level-1 trigger CICADA
    does it; mixing and overlaying are ours.

    Args:
        network: network from events to `(n, 1)`, such as `networks.dense_encoder(57, hidden=(16, 8), size=1)`.
        tutor: the teacher of a student of trigger events; neither trained nor saved with the student.

    Raises:
        InputError: if the network has not one output.
    """

    default_loss = "distillation + exposure"

    def __init__(self, network: keras.Model, *, tutor: Tutor | None = None, **options: Any) -> None:
        super().__init__(shape=network.input_shape[1:], **options)
        if network.output_shape != (None, 1):
            raise InputError(
                f"The network does not fit a student. Expected: one output, shape (n, 1). Received: {network.output_shape}."
            )
        self.network, self.tutor = network, tutor
        self.teacher: Callable[[KerasTensor], KerasTensor] | None = tutor
        self.seed_generator = keras.random.SeedGenerator()

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Adapt the scaling, and let the tutor learn from background events `(n, *shape)`."""
        super().adapt(x)
        if self.tutor is not None:
            self.tutor.adapt(x)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        told = {"student": self._tell(x, training=training)}
        if training and self.teacher is not None:
            shown = self.tutor.shown(x) if self.tutor else x
            unusual = self.tutor.unusual(shown) if self.tutor else self._mixed(x)
            told["distillation"] = ops.square(self._tell(shown, training=True) - self.teacher(x))
            told["exposure"] = ops.square(self._tell(unusual, training=True) - self.teacher(unusual))
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


class StudentSettings(DetectorSettings):
    """A `Student` of trigger objects in GeV, whose `teacher` sees 24 observables of the same events."""

    kind: Literal["student"] = "student"
    network: DenseSettings
    teacher: NeighborsSettings | GaussianMixtureSettings = Field(discriminator="kind")

    def detector(self, shape: Shape, *, seed: int) -> Student:
        """The student, and a tutor that `adapt` makes; the seed is that of the teacher.

        Raises:
            InputError: if events are not those of 57 trigger objects.
        """
        if shape != (N_FEATURES,):
            raise InputError(
                f"A student in a recipe learns from trigger objects. Expected: inputs.kind = objects. Received: events of shape {shape}."
            )
        teacher = self.teacher.detector((len(TRIGGER),), seed=seed)
        return Student(
            self.network.encoder(shape, size=1), tutor=Tutor(teacher), scaling=self.scaling_of(shape)
        )
