"""The scores of a run among background with the same mass, or whatever else the recipe names."""

import numpy as np
from jaxtyping import Float

from offshell.evaluate.decorrelation.conditional_ranks import ConditionalRank
from offshell.evaluate.decorrelation.dependence import dependence
from offshell.evaluate.decorrelation.metrics import with_correlations, with_decorrelated
from offshell.evaluate.decorrelation.variables import variables_of
from offshell.evaluate.description.committees import rank_correlation
from offshell.evaluate.separation.comparison import ScoreMetrics
from offshell.io.score_files import read_scores, write_scores
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
from offshell.run.results import Events, Results
from offshell.run.writing import write_json
from offshell.train.split import Split, split

__all__ = ["decorrelate", "parts", "with_variables"]

Metrics = dict[str, dict[str, ScoreMetrics]]

# A neighborhood is as narrow as so many events allow, for what is learned on background alone cannot rank a signal among itself.
_SHARE = 1 / 40
_FEWEST_NEIGHBORS = 20


def parts(run: Results, n_events: int) -> Split:
    """Which of so many training events a detector learns from, and which tell how rare a score is at a mass."""
    return split(n_events, run.recipe.train.validation, seed=run.recipe.seed, groups=run.training_parents)


def decorrelate(run: Results) -> None:
    """Rank the scores of the test events among background with the same variables: `decorrelated.h5`, `decorrelation.json`.

    The background is that of `calibration.h5`, which belongs to the training events, is none of the test events, and is not
    what the detector has learned from. No signal has a part in it.
    """
    names = run.recipe.evaluate.decorrelate
    events = run.training_events()
    rows = parts(run, len(events)).valid
    calibration = read_scores(run.existing("calibration.h5"))[run.background]
    rank = ConditionalRank(calibration, _variables(run, events[rows]), neighbors=_n_neighbors(len(rows)))
    plain = read_scores(run.existing("scores.h5"))
    variables = {sample: _variables(run, events) for sample, events in run.test_events()}
    found = {sample: rank.rareness(scores, variables[sample]) for sample, scores in plain.items()}
    write_scores(run.folder / "decorrelated.h5", found.items())
    ordinary, ranks = plain[run.background], found[run.background]
    depends = {
        name: dependence(ordinary[name], ranks[name], variables[run.background], names=names)
        for name in ordinary
    }
    write_json(run.folder / "decorrelation.json", depends)


def with_variables(run: Results, metrics: Metrics) -> Metrics:
    """The metrics of a run with what its scores have to do with the variables of its recipe, or with the mass of a prior."""
    if names := run.recipe.evaluate.decorrelate:
        metrics = with_decorrelated(metrics, run.decorrelated, variables=names, groups=run.test_parents)
    if known := _correlations(run):
        metrics = with_correlations(metrics, known)
    return metrics


def _correlations(run: Results) -> dict[str, dict[str, float]]:
    if run.recipe.evaluate.decorrelate:
        return {
            score: {name: of["correlation"] for name, of in depends["plain"].items()}
            for score, depends in run.decorrelation.items()
        }
    if isinstance(run.recipe.model, OutlierExposureSettings):
        scores = run.scores[run.background]
        return {name: {"mass": rank_correlation(of, scores["jet_mass"])} for name, of in scores.items()}
    return {}


def _variables(run: Results, events: Events) -> Float[np.ndarray, "n variables"]:
    recipe = run.recipe
    return variables_of(events, recipe.evaluate.decorrelate, kind=recipe.samples.kind)


def _n_neighbors(n_events: int) -> int:
    return min(n_events, max(_FEWEST_NEIGHBORS, round(_SHARE * n_events)))
