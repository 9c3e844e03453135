"""Knowledge distillation: a small network learns to score events as a large detector does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.evaluate.scores import score as scores_of
from offshell.models.detector import Detector
from offshell.models.ensemble import Ensemble
from offshell.models.one_class.student import Student
from offshell.models.scaling.events import Scaling
from offshell.models.terms import weighted_sum
from offshell.train.course import History
from offshell.train.fit import fit

__all__ = ["Lesson", "distilled", "lesson", "taught"]

Events = Float[np.ndarray, "n ..."]
Lesson = Callable[[KerasTensor], KerasTensor]


def distilled(
    teacher: Detector,
    network: keras.Model,
    x: Events,
    *,
    score: str,
    scaling: Scaling | None = None,
    **options: Any,  # noqa: ANN401 - those of another function
) -> tuple[Student, History]:
    """Train a student on what a teacher says of background events and of mixtures of them (see `models.Student`).

    What matters is the order of events; the student's own numbers are those of `lesson`. It has not seen how the teacher scores
    anomalies, and goes on from the most anomalous events that it has seen: compare both on signals.

    Args:
        teacher: a trained detector, which stays as it is; of an ensemble, the student learns the mean over its members.
        network: network from events to `(n, 1)`, with layers of Keras or of HGQ2; trained in place.
        x: background events of shape `(n, ...)`.
        score: weighted sum of the teacher's terms that the student learns, such as `"mse"`.
        scaling: layer that scales events for the student; the teacher has its own.
        options: those of `offshell.fit`; `loss="distillation"` leaves the mixtures out.

    Returns:
        The student, without the teacher, and the history of its training.

    Raises:
        InputError: as `offshell.fit`, or if the teacher does not tell events apart.
    """
    student = Student(network, scaling=scaling)
    with taught(student, lesson(teacher, x, score=score)):
        return student, fit(student, x, **options)


@contextmanager
def taught(student: Student, teach: Lesson) -> Iterator[None]:
    """A student has its teacher while it is trained, and no longer."""
    student.teacher = teach
    try:
        yield
    finally:
        student.teacher = None


def lesson(teacher: Detector, x: Events, *, score: str) -> Lesson:
    r"""A function from events to the numbers that a student learns, `(n,)`: $(\log s - \mu) / \sigma$.

    $\mu$ and $\sigma$ are the mean and the standard deviation over background events, so that squared differences weigh
    ordinary and anomalous events alike. A score that is negative somewhere, such as `nll`, is a logarithm already and is taken
    as it is. Of an ensemble it is the mean over members, because a rank hardly grows where events get anomalous.

    Args:
        teacher: a trained detector.
        x: background events of shape `(n, ...)`.
        score: weighted sum of its terms.

    Raises:
        InputError: if the teacher gives all of them the same score, or has no such terms.
    """
    members = teacher.members if isinstance(teacher, Ensemble) else [teacher]
    lessons = [_standardized(member, x, score) for member in members]
    return lambda events: ops.mean(ops.stack([learn(events) for learn in lessons]), axis=0)


def _standardized(teacher: Detector, x: Events, score: str) -> Lesson:
    values = scores_of(teacher, x)[score]
    smallest = values.min()
    logarithmic = smallest > 0
    numbers = np.log(values) if logarithmic else values
    mean, width = numbers.mean(), numbers.std()
    if not width > 0:
        raise InputError(
            f"The teacher has nothing to teach. Expected: scores {score} that differ. Received: {values[0]:g} for all events."
        )

    def learn(events: KerasTensor) -> KerasTensor:
        told = weighted_sum.evaluate(score, teacher(events, training=False))
        return ((ops.log(ops.maximum(told, smallest)) if logarithmic else told) - mean) / width

    return learn
