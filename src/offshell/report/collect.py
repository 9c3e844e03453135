"""Gather from a run what the report shows."""

from typing import TYPE_CHECKING

import numpy as np

from offshell import recipe as recipes
from offshell.evaluate.baselines import NAMES as BASELINES
from offshell.models.weighted_sum import evaluate
from offshell.report.findings import Findings

if TYPE_CHECKING:
    from offshell.run import Run

__all__ = ["collect"]

_N_IMAGES = 2000
_N_MOST_ANOMALOUS = 8


def collect(run: "Run") -> Findings:
    """The findings of a run that has been evaluated."""
    images = {name: run.images(jets) for name, jets in run.test_jets()}
    some = {name: x[:_N_IMAGES] for name, x in images.items()}
    scores = run.scores
    return Findings(
        title=run.recipe.title,
        recipe=recipes.to_toml(run.recipe),
        environment=run.environment,
        background=run.background,
        history=run.history,
        metrics=run.metrics,
        baselines=BASELINES,
        scores=scores,
        images=some,
        reconstructions={name: np.asarray(run.model.reconstruct(x)) for name, x in some.items()},
        latents=_latents(run, some),
        most_anomalous={name: _most_anomalous(run, images[name], scores[name]) for name in images},
        notes=_notes(run),
    )


def _latents(run: "Run", images: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    by_sample = {name: run.model.latents(x) for name, x in images.items()}
    kinds = by_sample[run.background]
    return {kind: {name: np.asarray(latents[kind]) for name, latents in by_sample.items()} for kind in kinds}


def _most_anomalous(run: "Run", images: np.ndarray, scores: dict[str, np.ndarray]) -> np.ndarray:
    """By the training loss, the one score that is chosen without looking at a signal."""
    return images[np.argsort(-evaluate(run.recipe.train.loss, scores))[:_N_MOST_ANOMALOUS]]


def _notes(run: "Run") -> list[str]:
    samples, power = run.recipe.samples, run.recipe.inputs.power
    remapped = (
        "as they are"
        if power == 1
        else f"raised to the power {power:g}, which lifts faint pixels and changes what the detector sees"
    )
    return [
        f"Trained on {samples.n_train:,} jets of {run.background} alone; no signal was used for training or scaling.",
        f"Evaluated on {samples.n_test:,} other jets of {run.background} and {samples.n_signal:,} jets of each signal.",
        f"Pixel intensities: {remapped}.",
        f"The most anomalous jets are chosen by the training loss, {run.recipe.train.loss}.",
    ]
