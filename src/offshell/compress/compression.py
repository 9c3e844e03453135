"""From a trained detector and the settings of a recipe to a small one: student, bit widths and pruning in one go."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from offshell import settings
from offshell.compress.cost import cost
from offshell.compress.distill import Lesson, distilled, lesson, taught
from offshell.compress.products import is_quantized
from offshell.compress.quantize import Learned, Precision, Uniform, quantize
from offshell.compress.widths import Point, chosen, front, learn_widths
from offshell.errors import InputError
from offshell.models.detector import Detector
from offshell.models.networks import dense_encoder
from offshell.models.one_class.student import Student
from offshell.recipe import Recipe
from offshell.train.course import History
from offshell.train.fit import fit
from offshell.train.pruning import n_pruning_epochs, prune

__all__ = ["Compression", "compressed"]

Events = Float[np.ndarray, "n ..."]
Groups = Integer[np.ndarray, " n"]

# Enough to know the range of an activation to a factor of two.
_N_FOR_RANGES = 20_000


@dataclass(frozen=True)
class Compression:
    """What came of it.

    Attributes:
        model: The small detector.
        history: Of its training, one number for each epoch.
        front: With learned widths, the best networks on the way, the smallest first.
    """

    model: Detector
    history: History
    front: list[Point] = field(default_factory=list)

    def as_dict(self, before: Detector) -> dict[str, Any]:
        """Ready for JSON: what the detector costs now and before, layer by layer, its history and the front."""
        costs = {"before": before, "after": self.model}
        points = [
            {name: getattr(point, name) for name in ("epoch", "beta", "ebops", "val_loss")}
            for point in self.front
        ]
        return {
            **{name: [row.as_dict() for row in cost(model)] for name, model in costs.items()},
            "history": self.history,
            "front": points,
        }


def compressed(
    recipe: Recipe,
    detector: Detector,
    x: Events,
    *,
    score: str,
    groups: Groups | None = None,
    teach: Lesson | None = None,
) -> Compression:
    """Compress a trained detector as a recipe says, with nothing but background.

    Args:
        recipe: its table `[compress]`; batch size and seed are those of the training.
        detector: the trained one, which stays as it is.
        x: the background events that it was trained on.
        score: what a student learns unless the recipe names another score.
        groups: parents of the events, where events share some: all of a parent either train or validate.
        teach: the teacher of a detector that is a student already, and goes on learning from it.

    Raises:
        InputError: if the detector has no quantized form, or no network becomes small enough.
    """
    wanted, loss = recipe.compress or settings.Compress(), recipe.train.loss
    if wanted.student and x.ndim > 2:  # noqa: PLR2004 - events and features
        raise InputError(
            f"A student is made for features. Expected: inputs.kind = objects. Received: images of shape {x.shape[1:]}."
        )
    if wanted.student:
        score = wanted.student.score or score
        teach, loss = lesson(detector, x, score=score), Student.default_loss
        detector = _student(recipe, wanted.student, detector, x, score, groups=groups)
    small = quantize(detector, _precision(wanted.widths), x[:_N_FOR_RANGES])
    with taught(small, teach) if teach else nullcontext():
        return _trained(recipe, wanted, small, x, loss, groups=groups)


def _student(
    recipe: Recipe,
    wanted: settings.StudentNetwork,
    teacher: Detector,
    x: Events,
    score: str,
    *,
    groups: Groups | None,
) -> Student:
    """A student in float, with the scaling of its teacher."""
    scaling = teacher.scaling and type(teacher.scaling).from_config(teacher.scaling.get_config())
    network = dense_encoder(x.shape[1], hidden=wanted.hidden, size=1)
    options = recipe.train.model_dump(include={"epochs", "batch_size", "learning_rate"})
    options |= {"scaling": scaling, "seed": recipe.seed, "groups": groups}
    student, _ = distilled(teacher, network, x, score=score, **options)
    return student


def _trained(
    recipe: Recipe,
    wanted: settings.Compress,
    small: Detector,
    x: Events,
    loss: str,
    *,
    groups: Groups | None,
) -> Compression:
    options: dict[str, Any] = {
        "epochs": wanted.epochs,
        "learning_rate": wanted.learning_rate,
        "batch_size": recipe.train.batch_size,
        "seed": recipe.seed,
        "loss": loss,
        "groups": groups,
    }
    _prune(small, wanted)
    match wanted.widths:
        case settings.UniformWidths():
            return Compression(small, fit(small, x, patience=wanted.epochs, **options))
        case settings.LearnedWidths(beta=beta, ebops=ebops):
            n_unpruned = _epochs_before_pruned(small, wanted.epochs)
            points = learn_widths(small, x, beta=beta, **options)
            chosen(points[n_unpruned:], ebops=ebops).install(small)
            history = {name: [getattr(point, name) for point in points] for name in ("loss", "val_loss")}
            return Compression(small, history, front(points[n_unpruned:]))


def _prune(model: Detector, wanted: settings.Compress) -> None:
    """Only what firmware may need: not the decoder that only training needs."""
    if not wanted.sparsity:
        return
    for layer in model._flatten_layers():
        if is_quantized(layer) and hasattr(layer, "kernel"):
            prune(layer, fraction=wanted.sparsity, begin=wanted.begin, ramp=wanted.ramp)


def _epochs_before_pruned(model: Detector, epochs: int) -> int:
    """How many epochs end without all the zeros; a network of theirs would be less sparse than was asked for."""
    n_pruning = n_pruning_epochs(model)
    if n_pruning > epochs:
        raise InputError(
            f"Training would end before pruning does. Expected: at least {n_pruning} epochs. Received: epochs={epochs}."
        )
    return max(0, n_pruning - 1)


def _precision(widths: settings.Widths) -> Precision:
    match widths:
        case settings.UniformWidths(bits=bits, integer=integer):
            return Uniform(bits, integer)
        case settings.LearnedWidths(bits=bits):
            return Learned(bits)
