"""Metrics of scores as a table for the terminal."""

from collections.abc import Collection, Mapping

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.separation.comparison import FALSE_POSITIVE_RATES, RateMetrics, ScoreMetrics

__all__ = ["percent", "rich_table", "with_error"]

_DECORRELATED = "decorrelated"


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
    variables = _variables(scores)
    table = _empty_table(signal, shown, n_trainings, variables)
    for name, score in scores.items():
        if name not in baselines:
            table.add_row(*_row(name, score, shown, n_trainings, variables))
    table.add_section()
    for name, score in scores.items():
        if name in baselines:
            table.add_row(*_row(name, score, shown, n_trainings, variables), style="dim")
    table.caption = _caption(scores, shown)
    return table


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


def _given(score: ScoreMetrics, fpr: str) -> bool:
    return score["tpr"][fpr]["value"] is not None


def _variables(scores: Mapping[str, ScoreMetrics]) -> dict[str, str]:
    """The headings of what stands beside the AUC, by what it is: rank correlations with variables, the AUC given these."""
    found: dict[str, str] = {}
    for score in scores.values():
        found |= {name: f"rank corr.\nwith {name}" for name in score.get("correlations", ())}
        if "decorrelated" in score:
            found[_DECORRELATED] = f"AUC given\n{', '.join(score['decorrelated']['variables'])}"
    return found


def _empty_table(signal: str, shown: list[str], n_trainings: int, variables: Mapping[str, str]) -> Table:
    table = Table(title=Text(f"Finding {signal}", "bold"), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.caption_justify = "left"
    table.add_column("score", overflow="fold")
    table.add_column("AUC", justify="right")
    if n_trainings > 1:
        table.add_column(f"of each of\n{n_trainings} trainings", justify="right")
    for heading in variables.values():
        table.add_column(heading, justify="right")
    for fpr in shown:
        table.add_column(f"TPR [%]\nat {fpr}", justify="right")
    table.add_column("best\nSIC", justify="right")
    return table


def _row(
    name: str, score: ScoreMetrics, shown: list[str], n_trainings: int, variables: Mapping[str, str]
) -> list[str | Text]:
    area = with_error(score["auc"], score["auc_low"], score["auc_high"])
    rates = [percent(score["tpr"][fpr]) for fpr in shown]
    sic = score["sic"]
    return [
        Text(name),
        Text(f"{area}▼", style="yellow") if score["remark"] else area,
        *([_spread(score)] if n_trainings > 1 else []),
        *(_of_variable(score, name) for name in variables),
        *rates,
        with_error(sic["value"], sic["low"], sic["high"]),
    ]


def _of_variable(score: ScoreMetrics, name: str) -> str:
    if name != _DECORRELATED:
        return f"{score['correlations'][name]:+.2f}" if name in score.get("correlations", ()) else "–"
    if "decorrelated" not in score:
        return "–"
    found = score["decorrelated"]
    return with_error(found["auc"], found["auc_low"], found["auc_high"])


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
    if any("correlations" in score for score in scores.values()):
        notes.append("Rank correlations are Spearman's, of background.")
    if any("decorrelated" in score for score in scores.values()):
        notes.append("AUC given a variable is that of the rank among background with the same value of it.")
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
