"""Compare scores over signals: one mapping for JSON."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.area import Auc, auc
from offshell.evaluate.separation.improvement import significance_improvement
from offshell.evaluate.separation.metrics import Rate, tpr_at_fpr
from offshell.evaluate.separation.sample import Groups, Weights

__all__ = [
    "FALSE_POSITIVE_RATES",
    "DecorrelatedMetrics",
    "ImprovementMetrics",
    "RateMetrics",
    "ScoreMetrics",
    "SpreadMetrics",
    "compare",
    "rate_metrics",
]

Scores = Mapping[str, Float[np.ndarray, " n"]]

FALSE_POSITIVE_RATES = {"1e-1": 1e-1, "1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4, "1e-5": 1e-5}
"""Working points of the comparison, from a loose selection to a level-1 trigger."""

_NO_SEPARATION = 0.5


class RateMetrics(TypedDict):
    """True positive rate at one false positive rate; numbers are None where no background event passes."""

    value: float | None
    low: float | None
    high: float | None
    n_background: int
    few: bool


class ImprovementMetrics(TypedDict):
    """Best significance improvement; None below ten background events."""

    value: float | None
    low: float | None
    high: float | None
    fpr: float | None


class SpreadMetrics(TypedDict):
    """Standard deviations over trainings that differ in their seed only; None where a training has no rate."""

    n: int
    auc: float
    auc_mean: float
    tpr: dict[str, float | None]


class DecorrelatedMetrics(TypedDict):
    """How well the rank of a score among background with the same variables finds a signal."""

    variables: list[str]
    auc: float
    auc_low: float
    auc_high: float


class ScoreMetrics(TypedDict):
    """How well one score finds one signal; bounds are those of 95 % intervals.

    With `parents`, numbers of background events are those of their parents. `correlations` are rank correlations of the score
    with variables of background events.
    """

    auc: float
    auc_low: float
    auc_high: float
    tpr: dict[str, RateMetrics]
    sic: ImprovementMetrics
    remark: str
    parents: NotRequired[bool]
    spread: NotRequired[SpreadMetrics]
    decorrelated: NotRequired[DecorrelatedMetrics]
    correlations: NotRequired[dict[str, float]]


def compare(
    background: Scores,
    signals: Mapping[str, Scores],
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Mapping[str, Weights] | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> dict[str, dict[str, ScoreMetrics]]:
    """Returns, for each signal and each score, how well the score separates it from the background.

    Args:
        background: Scores of the background by name, (n,) each.
        signals: For each signal, its scores under the same names.
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events by signal.
        signal_groups: Parents of signal events by signal.

    Returns:
        `{signal: {score: {"auc", "auc_low", "auc_high", "tpr": {"1e-1": {"value", "low", "high",
        "n_background", "few"}, ...}, "sic": {"value", "low", "high", "fpr"}, "remark"}}}`, ready for JSON; with groups also
        `"parents"`, true.

    Raises:
        InputError: If a signal has other scores than the background, scores are empty or not finite, or weights or groups
            do not belong to them or cancel.
    """
    for signal, scores in signals.items():
        if set(scores) != set(background):
            raise InputError(
                f"Scores of {signal} differ from those of the background. Expected: {', '.join(background)}. "
                f"Received: {', '.join(scores)}."
            )
    found = {}
    for signal, scores in signals.items():
        options: _Options = {
            "weights": weights,
            "groups": groups,
            "signal_weights": (signal_weights or {}).get(signal),
            "signal_groups": (signal_groups or {}).get(signal),
        }
        found[signal] = {
            name: _metrics(background[name], scores[name], f"{signal}, {name}", options)
            for name in background
        }
    return found


def rate_metrics(rate: Rate) -> RateMetrics:
    """Returns a true positive rate as a mapping ready for JSON."""
    return {
        "value": rate.value,
        "low": rate.low,
        "high": rate.high,
        "n_background": rate.n_background,
        "few": rate.few,
    }


class _Options(TypedDict):
    """Weights and parents of both samples."""

    weights: Weights | None
    groups: Groups | None
    signal_weights: Weights | None
    signal_groups: Groups | None


def _metrics(
    background: Float[np.ndarray, " n"], signal: Float[np.ndarray, " m"], where: str, options: _Options
) -> ScoreMetrics:
    try:
        area = auc(background, signal, **options)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    improvement = significance_improvement(background, signal, **options)
    found: ScoreMetrics = {
        "auc": area.value,
        "auc_low": area.low,
        "auc_high": area.high,
        "tpr": {
            name: rate_metrics(tpr_at_fpr(background, signal, fpr, **options))
            for name, fpr in FALSE_POSITIVE_RATES.items()
        },
        "sic": {
            "value": improvement.value,
            "low": improvement.low,
            "high": improvement.high,
            "fpr": improvement.fpr,
        },
        "remark": _remark(area),
    }
    return {**found, "parents": True} if options["groups"] is not None else found


def _remark(area: Auc) -> str:
    if area.few:
        return "fewer than 10 independent events in a sample"
    if area.value >= _NO_SEPARATION:
        return ""
    if area.high >= _NO_SEPARATION:
        return "AUC below 0.5 but compatible with it: no separation seen"
    return "AUC below 0.5: the signal looks more ordinary than the background"
