"""From a recipe and its background events to a trained detector: one training or several, with pruning where asked for."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Integer

from offshell.models.build import build
from offshell.models.detector import Detector
from offshell.models.ensemble import Ensemble
from offshell.recipe import Recipe
from offshell.train.course import History
from offshell.train.ensembles import Member, fit_ensemble
from offshell.train.pruning import prune

__all__ = ["trained"]

# Beyond the last of more events, ranks of float32 could hardly tell one event from another.
_LARGEST_REFERENCE = 10_000


def trained(
    recipe: Recipe, x: Float[np.ndarray, "n ..."], *, groups: Integer[np.ndarray, " n"] | None = None
) -> tuple[Detector, list[History]]:
    """Make and train the detector of a recipe.

    Args:
        recipe: `train.ensemble` trainings with the seeds `seed`, `seed + 1`, ...; with `train.sparsity` above zero each
            is followed by a second training of the pruned network.
        x: background events of shape `(n, ...)`.
        groups: their parents, where events share some.

    Returns:
        The detector, an `Ensemble` if there are several trainings, and the history of each of them.
    """
    members = _fit(recipe, x, groups)
    models = [member.model for member in members]
    histories = [member.history for member in members]
    if len(models) == 1:
        return models[0], histories
    ensemble = Ensemble(models, shape=x.shape[1:], n_references=min(len(x), _LARGEST_REFERENCE))
    ensemble.adapt(x)
    return ensemble, histories


def _fit(
    recipe: Recipe, x: Float[np.ndarray, "n ..."], groups: Integer[np.ndarray, " n"] | None
) -> list[Member]:
    options = recipe.train.model_dump(exclude={"ensemble", "sparsity"}) | {"groups": groups}
    seeds = range(recipe.seed, recipe.seed + recipe.train.ensemble)
    dense = fit_ensemble(lambda seed: build(recipe.model, x.shape[1:], seed=seed), x, seeds=seeds, **options)
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
