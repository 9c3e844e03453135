"""Gather from a run what the report shows of a committee of classifiers against pseudo-anomalies."""

import numpy as np

from offshell.evaluate.description.committees import Committee, efficiency_by_mass, rank_correlation
from offshell.evaluate.scores import score
from offshell.inputs import images, substructure
from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
from offshell.models.terms.weighted_sum import evaluate
from offshell.report.findings.committee import CommitteeFindings
from offshell.run.outliers import families_left_out, mass_range, outlier_jets
from offshell.run.results import BySample, Results

__all__ = ["collect_committee"]

Jets = dict[str, np.ndarray]

_N_DRAWN, _N_JETS = 6, 500
_MASS_WEIGHTS = (0, 1, 2, 3, 4, 5)
_N_MOST_ANOMALOUS = 8


def collect_committee(run: Results) -> CommitteeFindings | None:
    """What the committee of a run learned from and which of its families speak; None for another detector."""
    if not isinstance(run.recipe.model, OutlierExposureSettings):
        return None
    committee, scores = Committee(run.default_score), run.scores
    background = scores[run.background]
    jets = _jets(run)
    masses = {name: substructure.mass(some) for name, some in jets.items()}
    return CommitteeFindings(
        expression=committee.expression,
        mass_range=mass_range(run.recipe),
        speaking={name: _speaking(committee, of) for name, of in scores.items()},
        shares={name: committee.shares(of) for name, of in scores.items()},
        without={
            name: found
            for name, of in scores.items()
            if name != run.background and (found := committee.without(background, of))
        },
        mass_correlation=_mass_correlation(committee, scores),
        mass_weights=_mass_weights(run, committee, jets, masses) if "rare_mass" in background else {},
        images={name: images.aligned(some[:_N_DRAWN]) for name, some in jets.items()},
        masses=masses,
        left_out=families_left_out(committee.expression),
    )


def _speaking(committee: Committee, scores: dict[str, np.ndarray]) -> list[str]:
    order = np.argsort(-np.asarray(evaluate(committee.expression, scores)))[:_N_MOST_ANOMALOUS]
    return [str(name) for name in committee.speakers(scores)[order]]


def _mass_correlation(committee: Committee, scores: BySample) -> dict[str, float]:
    return {
        name: rank_correlation(np.asarray(evaluate(committee.expression, of)), of["jet_mass"])
        for name, of in scores.items()
    }


def _mass_weights(run: Results, committee: Committee, jets: Jets, masses: Jets) -> dict[float, np.ndarray]:
    members = committee.members
    terms = score(run.model, np.concatenate([run.inputs(jets[name]) for name in members]))
    mass = np.concatenate([masses[name] for name in members])
    background = run.scores[run.background]
    expressions = {weight: f"{' + '.join(members)} - {weight} * rare_mass" for weight in _MASS_WEIGHTS}
    return {
        weight: efficiency_by_mass(np.asarray(evaluate(text, background)), terms[text], mass)
        for weight, text in expressions.items()
    }


def _jets(run: Results) -> Jets:
    """Some jets of the background and some pseudo-anomalies of each family, none of which it learned from."""
    recipe, background = run.recipe, run.training_events()
    of_families = {
        family: outlier_jets(recipe, background, family, _N_JETS, fresh=True)
        for family in recipe.model.families  # type: ignore[attr-defined] # of a table that was checked
    }
    return {run.background: background[:_N_JETS]} | of_families
