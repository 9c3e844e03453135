"""From a recipe and its background events to a trained detector: one training or several, with pruning where asked for."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Integer

from offshell.models.build import build
from offshell.models.detector import Detector
from offshell.models.ensemble import Ensemble
from offshell.models.one_class.recollection import Recollection
from offshell.models.one_class.student import Student
from offshell.recipe import Recipe
from offshell.train.course import History
from offshell.train.ensembles import Member, fit_ensemble
from offshell.train.pruning import prune
from offshell.train.split import split

__all__ = ["trained"]

Events = Float[np.ndarray, "n ..."]
Groups = Integer[np.ndarray, " n"]
Outliers = Mapping[str, Events]

# Beyond the last of more events, ranks of float32 could hardly tell one event from another.
_LARGEST_REFERENCE = 10_000


def trained(
    recipe: Recipe,
    x: Events,
    *,
    groups: Groups | None = None,
    outliers: Outliers | None = None,
    teacher: Recollection | None = None,
) -> tuple[Detector, list[History]]:
    """Make and train the detector of a recipe.

    The ranks of an ensemble are those among its validation events, which no member learns from: scores of training
    events are too low, and ranks among them too high. They are the same for all members.

    Args:
        recipe: `train.ensemble` trainings with the seeds `seed`, `seed + 1`, ...; with `train.sparsity` above zero each
            is followed by a second training of the pruned network.
        x: background events of shape `(n, ...)`.
        groups: their parents, where events share some.
        outliers: what a detector learns from beside the background, `{family: (m, ...)}`.
        teacher: of a student that sees other inputs than its teacher.

    Returns:
        The detector, an `Ensemble` if there are several trainings, and the history of each of them.
    """
    if recipe.train.ensemble == 1:
        (member,) = _fit(
            recipe,
            x,
            validation=recipe.train.validation,
            groups=groups,
            outliers=outliers,
            teacher=teacher,
        )
        return member.model, [member.history]
    rows = split(len(x), recipe.train.validation, seed=recipe.seed, groups=groups)
    references = x[rows.valid]
    members = _fit(recipe, x[rows.train], validation=references, outliers=outliers, teacher=teacher)
    ensemble = Ensemble(
        [member.model for member in members],
        shape=x.shape[1:],
        n_references=min(len(references), _LARGEST_REFERENCE),
    )
    ensemble.adapt(references)
    return ensemble, [member.history for member in members]


def _fit(
    recipe: Recipe,
    x: Events,
    *,
    validation: float | Events,
    groups: Groups | None = None,
    outliers: Outliers | None = None,
    teacher: Recollection | None = None,
) -> list[Member]:
    options = recipe.train.model_dump(exclude={"ensemble", "sparsity"})
    options |= {"validation": validation, "groups": groups, "outliers": outliers}
    seeds = range(recipe.seed, recipe.seed + recipe.train.ensemble)

    def built(seed: int) -> Detector:
        model = build(recipe.model, x.shape[1:], seed=seed)
        if teacher is not None and isinstance(model, Student):
            model.teacher = teacher
        return model

    dense = fit_ensemble(built, x, seeds=seeds, **options)
    if not recipe.train.sparsity:
        return dense
    for member in dense:
        prune(member.model, fraction=recipe.train.sparsity)
    by_seed = {member.seed: member.model for member in dense}
    sparse = fit_ensemble(by_seed.__getitem__, x, seeds=seeds, **options)
    return [_joined(first, second) for first, second in zip(dense, sparse, strict=True)]


def _joined(first: Member, second: Member) -> Member:
    history = {name: values + second.history[name] for name, values in first.history.items()}
    return replace(second, history=history)
