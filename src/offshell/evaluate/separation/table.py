"""Compare scores over signals: one mapping for JSON, one table for the terminal."""

from collections.abc import Collection, Mapping
from typing import NotRequired, TypedDict

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.separation.area import Auc, auc
from offshell.evaluate.separation.improvement import significance_improvement
from offshell.evaluate.separation.metrics import Rate, tpr_at_fpr
from offshell.evaluate.separation.sample import Groups, Weights

__all__ = [
    "FALSE_POSITIVE_RATES",
    "ImprovementMetrics",
    "RateMetrics",
    "ScoreMetrics",
    "SpreadMetrics",
    "compare",
    "percent",
    "rate_metrics",
    "rich_table",
    "with_error",
]

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


class ScoreMetrics(TypedDict):
    """How well one score finds one signal; bounds are those of 95 % intervals.

    With `parents`, numbers of background events are those of their parents.
    """

    auc: float
    auc_low: float
    auc_high: float
    tpr: dict[str, RateMetrics]
    sic: ImprovementMetrics
    remark: str
    parents: NotRequired[bool]
    spread: NotRequired[SpreadMetrics]


Scores = Mapping[str, Float[np.ndarray, " n"]]


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


def rich_table(
    metrics: Mapping[str, Mapping[str, ScoreMetrics]], signal: str, *, baselines: Collection[str] = ()
) -> Table:
    """Returns the terminal table of one signal, best AUC first, baselines dimmed in a part of their own.

    Args:
        metrics: What `compare` returns.
        signal: Which signal to show.
        baselines: Names of the scores that are baselines.

    Raises:
        InputError: If there is no such signal.
    """
    if signal not in metrics:
        raise InputError(f"Unknown signal. Expected: {', '.join(metrics)}. Received: signal={signal!r}.")
    scores = dict(sorted(metrics[signal].items(), key=lambda item: -item[1]["auc"]))
    shown = [fpr for fpr in FALSE_POSITIVE_RATES if any(_given(score, fpr) for score in scores.values())]
    n_trainings = max((score["spread"]["n"] for score in scores.values() if "spread" in score), default=1)
    table = _empty_table(signal, shown, n_trainings)
    for name, score in scores.items():
        if name not in baselines:
            table.add_row(*_row(name, score, shown, n_trainings))
    table.add_section()
    for name, score in scores.items():
        if name in baselines:
            table.add_row(*_row(name, score, shown, n_trainings), style="dim")
    table.caption = _caption(scores, shown)
    return table


def rate_metrics(rate: Rate) -> RateMetrics:
    """Returns a true positive rate as a mapping ready for JSON."""
    return {
        "value": rate.value,
        "low": rate.low,
        "high": rate.high,
        "n_background": rate.n_background,
        "few": rate.few,
    }


def percent(rate: RateMetrics) -> str:
    """Returns a rate in percent with its error, and a star if it rests on few background events."""
    hundredfold = (
        None if number is None else 100 * number for number in (rate["value"], rate["low"], rate["high"])
    )
    return with_error(*hundredfold) + ("*" if rate["few"] and rate["value"] is not None else "")


def with_error(value: float | None, low: float | None, high: float | None) -> str:
    """Returns the value and the longer side of its interval, to one digit of that side (two after a 1)."""
    if value is None or low is None or high is None:
        return "–"
    error = max(high - value, value - low, 1e-3)
    decimals = int(np.clip(np.ceil(-np.log10(error / 2)), 0, 3))
    return f"{value:.{decimals}f} ±{error:.{decimals}f}"


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


def _given(score: ScoreMetrics, fpr: str) -> bool:
    return score["tpr"][fpr]["value"] is not None


def _empty_table(signal: str, shown: list[str], n_trainings: int) -> Table:
    table = Table(title=Text(f"Finding {signal}", "bold"), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.caption_justify = "left"
    table.add_column("score", overflow="fold")
    table.add_column("AUC", justify="right")
    if n_trainings > 1:
        table.add_column(f"of each of\n{n_trainings} trainings", justify="right")
    for fpr in shown:
        table.add_column(f"TPR [%]\nat {fpr}", justify="right")
    table.add_column("best\nSIC", justify="right")
    return table


def _row(name: str, score: ScoreMetrics, shown: list[str], n_trainings: int) -> list[str | Text]:
    area = with_error(score["auc"], score["auc_low"], score["auc_high"])
    rates = [percent(score["tpr"][fpr]) for fpr in shown]
    sic = score["sic"]
    return [
        Text(name),
        Text(f"{area}▼", style="yellow") if score["remark"] else area,
        *([_spread(score)] if n_trainings > 1 else []),
        *rates,
        with_error(sic["value"], sic["low"], sic["high"]),
    ]


def _spread(score: ScoreMetrics) -> str:
    if "spread" not in score:
        return "–"
    mean, deviation = score["spread"]["auc_mean"], score["spread"]["auc"]
    return with_error(mean, mean - deviation, mean + deviation)


def _caption(scores: Mapping[str, ScoreMetrics], shown: list[str]) -> str:
    notes = ["± is the longer side of the 95 % interval. SIC is TPR/√FPR."]
    if any("spread" in score for score in scores.values()):
        notes.append(
            "Trainings differ in their seed: mean ± standard deviation of their AUC; the AUC itself is of the mean rank."
        )
    hidden = [fpr for fpr in FALSE_POSITIVE_RATES if fpr not in shown]
    if hidden:
        notes.append(f"No rate at {', '.join(hidden)}: it would rest on no background event.")
    if any(score.get("parents") for score in scores.values()):
        notes.append("Events that share a parent count together, in intervals and in numbers of events.")
    if any(score["tpr"][fpr]["few"] and _given(score, fpr) for score in scores.values() for fpr in shown):
        notes.append("* rests on fewer than 10 background events.")
    remarks = {score["remark"]: None for score in scores.values() if score["remark"]}
    notes.extend(f"▼ {remark}." for remark in remarks)
    return "\n".join(notes)
