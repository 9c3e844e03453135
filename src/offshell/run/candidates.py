"""What is compared with what: scores of one run or of several, of the same events."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.baselines.fit import NAMES as BASELINES
from offshell.io.score_files import read_scores
from offshell.models.terms.weighted_sum import evaluate
from offshell.run.results import BySample, Results

__all__ = ["candidates", "shares_of"]

BySampleOnly = dict[str, Float[np.ndarray, " n"]]

# Numbers that depend on the events alone: they tell whether two runs saw the same.
_OBSERVABLES = ("jet_mass", "n_constituents", "ht", "met", "lepton_pt")


def candidates(runs: Sequence[Results], *, scores: Sequence[str] = ()) -> dict[str, BySampleOnly]:
    """The scores to compare, `{candidate: {sample: (n,)}}`, the reference first.

    Without `scores`, several runs are compared by the score of each one's recipe; of one run, the compressed detector with
    the one before compression, the members of an ensemble, or else the score of its recipe with the baselines.

    Args:
        runs: Runs that have been evaluated.
        scores: Names of scores, or weighted sums, to be taken of each run.

    Raises:
        InputError: If a run is not complete or has no such score, or two runs have other test events.
    """
    if len(runs) == 1 and not scores:
        return _of_one_run(runs[0])
    for other in runs[1:]:
        _refuse_other_events(runs[0], other)
    found: dict[str, BySampleOnly] = {}
    for run in runs:
        of_run = run.scores
        for score in scores or [run.recipe.score_among(of_run[run.background])]:
            name = score if len(runs) == 1 else f"{run.folder}: {score}"
            found[name] = _values(of_run, score)
    return found


def shares_of(run: Results) -> dict[str, float]:
    """The shares of the background that trigger rates of a run are, by name; empty for jets."""
    if run.recipe.samples.kind == "jets":
        return {}
    settings = run.recipe.evaluate
    return {f"{rate_hz / 1e3:g} kHz": rate_hz / settings.input_rate_hz for rate_hz in settings.rates_hz}


def _of_one_run(run: Results) -> dict[str, BySampleOnly]:
    scores, chosen = run.scores, run.default_score
    if run.recipe.compress:
        before = read_scores(run.folder / "scores-float.h5")
        of_float = run.recipe.score_among(before[run.background])
        return {
            f"float: {of_float}": _values({name: before[name] for name in before}, of_float),
            f"compressed: {chosen}": _values({name: scores[name] for name in before}, chosen),
        }
    if members := run.members_scores:
        return {
            f"training {number}: {chosen}": _values(of, chosen) for number, of in enumerate(members, start=1)
        }
    baselines = [name for name in scores[run.background] if name in BASELINES]
    return {name: _values(scores, name) for name in (chosen, *baselines)}


def _values(scores: BySample, expression: str) -> BySampleOnly:
    return {sample: np.asarray(evaluate(expression, of)) for sample, of in scores.items()}


def _refuse_other_events(first: Results, other: Results) -> None:
    """Raises InputError if the test events are not the same, or nothing tells whether they are."""
    here, there = first.scores, other.scores
    if list(here) != list(there):
        raise InputError(
            f"{other.folder} has other samples than {first.folder}. Expected: {', '.join(here)}. Received: {', '.join(there)}."
        )
    for sample, scores in here.items():
        known = [name for name in _OBSERVABLES if name in scores and name in there[sample]]
        other_values = [name for name in known if not np.array_equal(scores[name], there[sample][name])]
        if not known or other_values:
            received = f"other {', '.join(other_values)}" if known else "no observable that both scored"
            raise InputError(
                f"{other.folder} was tested on other events of {sample} than {first.folder}. Expected: the same test events, so "
                f"that differences can be paired. Received: {received}."
            )
