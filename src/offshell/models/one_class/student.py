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
from offshell.models.networks.named import Network
from offshell.models.one_class.recollection import Recollection
from offshell.models.one_class.tutor import Tutor
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
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
    In an ensemble all members have the tutor of the first. A `Recollection` has told beforehand what it thinks of all events
    that the student learns from, unusual ones among them; there is only `distillation`, measured as `Recollection.missed`. Source: Pol et al. (arXiv:2310.06047), as the level-1 trigger CICADA
    does it; mixing and overlaying are ours.

    Args:
        network: network from events to `(n, 1)`, such as `networks.dense_encoder(57, hidden=(16, 8), size=1)`.
        tutor: a teacher that sees other inputs; neither trained nor saved with the student.

    Raises:
        InputError: if the network has not one output.
    """

    default_loss = "distillation + exposure"

    def __init__(
        self, network: keras.Model, *, tutor: Tutor | Recollection | None = None, **options: Any
    ) -> None:
        super().__init__(shape=network.input_shape[1:], **options)
        if network.output_shape != (None, 1):
            raise InputError(
                f"The network does not fit a student. Expected: one output, shape (n, 1). Received: {network.output_shape}."
            )
        self.network = network
        self.teacher: Callable[[KerasTensor], KerasTensor] | None = tutor
        self.seed_generator = keras.random.SeedGenerator()

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Adapt the scaling, and let the tutor learn from background events `(n, *shape)`."""
        super().adapt(x)
        if isinstance(self.teacher, Tutor | Recollection):
            self.teacher.adapt(x)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        told = {"student": self._tell(x, training=training)}
        if training and self.teacher is not None:
            told |= self._compared(x, self.teacher)
        return told

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "network": self.network}

    def _tell(self, x: KerasTensor, *, training: bool) -> KerasTensor:
        return self.network(self.scaled(x), training=training)[:, 0]

    def _compared(
        self, x: KerasTensor, teacher: Callable[[KerasTensor], KerasTensor]
    ) -> dict[str, KerasTensor]:
        if isinstance(teacher, Recollection):
            said = self._tell(teacher.shown(x, self.seed_generator), training=True)
            return {"distillation": teacher.missed(said, teacher(x))}
        shown = teacher.shown(x, self.seed_generator) if isinstance(teacher, Tutor) else x
        unusual = (
            teacher.unusual(shown, self.seed_generator) if isinstance(teacher, Tutor) else self._mixed(x)
        )
        return {
            "distillation": self._missed(shown, teacher(x)),
            "exposure": self._missed(unusual, teacher(unusual)),
        }

    def _missed(self, shown: KerasTensor, told: KerasTensor) -> KerasTensor:
        return ops.square(self._tell(shown, training=True) - told)

    def _mixed(self, x: KerasTensor) -> KerasTensor:
        """Each event with a random share of the objects of its neighbor."""
        n_events, group = ops.shape(x)[0], self.scaling.group if self.scaling else 1
        share = keras.random.uniform((n_events, 1), seed=self.seed_generator)
        chance = keras.random.uniform((n_events, math.prod(self.shape) // group), seed=self.seed_generator)
        taken = ops.reshape(ops.repeat(chance < share, group, axis=1), ops.shape(x))
        return ops.where(taken, ops.roll(x, 1, axis=0), x)


class StudentSettings(DetectorSettings):
    """A `Student` whose `teacher` sees other inputs of the same events.

    A committee sees observables of jets, any other teacher 24 observables of trigger events, of which the student sees the
    objects in GeV.
    """

    kind: Literal["student"] = "student"
    network: Network
    teacher: NeighborsSettings | GaussianMixtureSettings | OutlierExposureSettings = Field(
        discriminator="kind"
    )

    def detector(self, shape: Shape, *, seed: int) -> Student:
        """The student, and a tutor that `adapt` makes, with the seed; one of jets knows nothing before it is replaced.

        Raises:
            InputError: if events are not those of 57 trigger objects, unless the teacher is a committee.
        """
        return Student(
            self.network.encoder(shape, size=1),
            tutor=self._tutor(shape, seed=seed),
            scaling=self.scaling_of(shape),
        )

    def _tutor(self, shape: Shape, *, seed: int) -> Tutor | Recollection:
        if isinstance(self.teacher, OutlierExposureSettings):
            return Recollection(np.zeros((1, *shape), np.float32), np.zeros(1))
        if shape != (N_FEATURES,):
            raise InputError(
                f"A student in a recipe learns from trigger objects. Expected: inputs.kind = objects. Received: events of shape {shape}."
            )
        return Tutor(self.teacher.detector((len(TRIGGER),), seed=seed))
