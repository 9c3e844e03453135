"""Scores beside a reference score on the same events: one mapping for JSON, tables for the terminal."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.comparison import FALSE_POSITIVE_RATES
from offshell.evaluate.separation.metrics import tpr_at_fpr
from offshell.evaluate.separation.paired import EQUAL_WITHIN, Difference, auc_difference, verdict
from offshell.evaluate.separation.paired_rates import tpr_differences
from offshell.evaluate.separation.table import with_error
from offshell.evaluate.separation.tail_survival import Survival, tail_survival

__all__ = [
    "Candidates",
    "Differences",
    "differences",
    "rich_differences",
    "rich_survival",
    "survival_cell",
    "survivals",
]

Candidates = Mapping[str, Mapping[str, Float[np.ndarray, " n"]]]
"""`{candidate: {sample: (n,)}}`, the background first, the same events for each candidate."""

_EQUAL_RATES_WITHIN = 0.1  # of the reference's
_ROOM = 80  # characters, for titles and captions that are longer than a table is wide


class DifferenceMetrics(TypedDict):
    """A candidate minus the reference; numbers are None where no background event passes."""

    value: float | None
    low: float | None
    high: float | None
    p_value: float | None
    few: bool
    verdict: str


class Differences(TypedDict):
    """A candidate beside the reference."""

    auc: DifferenceMetrics
    tpr: dict[str, DifferenceMetrics]


def differences(
    candidates: Candidates, *, shares: Mapping[str, float] = FALSE_POSITIVE_RATES
) -> dict[str, dict[str, Differences]]:
    """Returns, for each signal, how far each candidate is from the first one, the reference.

    Args:
        candidates: Scores of the same events by candidate and sample, the background first.
        shares: Shares of the background by name, at which efficiencies are compared.

    Returns:
        `{signal: {candidate: {"auc": {"value", "low", "high", "p_value", "few", "verdict"}, "tpr": {share: ...}}}}`, ready
        for JSON; rates are equal when they differ by less than a tenth of the reference's.

    Raises:
        InputError: If there are fewer than two candidates, they have other samples, or scores are empty, not finite or
            not of the same events.
    """
    ordinary, *_ = _checked(candidates).values()
    background, *signals = ordinary
    found: dict[str, dict[str, Differences]] = {signal: {} for signal in signals}
    for name, of in list(candidates.items())[1:]:
        pairs = {sample: (ordinary[sample], of[sample]) for sample in ordinary}
        in_rates = tpr_differences(pairs[background], {signal: pairs[signal] for signal in signals}, shares)
        for signal in signals:
            in_auc = auc_difference(pairs[background], pairs[signal])
            rates = {
                key: _metrics(found_rate, _EQUAL_RATES_WITHIN * _rate(pairs, background, signal, shares[key]))
                for key, found_rate in in_rates[signal].items()
            }
            found[signal][name] = {"auc": _metrics(in_auc, EQUAL_WITHIN), "tpr": rates}
    return found


def survivals(candidates: Candidates) -> dict[str, dict[str, Survival]]:
    """Returns how much of the background tail of the first candidate survives in each other one.

    Args:
        candidates: As for `differences`.

    Raises:
        InputError: As for `differences`.
    """
    (_, ordinary), *others = _checked(candidates).items()
    background = next(iter(ordinary))
    return {name: tail_survival(ordinary[background], of[background]) for name, of in others}


def rich_differences(
    found: Mapping[str, Mapping[str, Differences]], candidates: Candidates, signal: str
) -> Table:
    """Returns the terminal table of one signal: a row for each candidate, the reference first.

    Args:
        found: What `differences` returns.
        candidates: What it was given.
        signal: Which signal to show.
    """
    (reference, ordinary), *others = candidates.items()
    background = next(iter(ordinary))
    shown = [key for key in _shares(found[signal]) if _any_value(found[signal], key)]
    table = Table(
        title=Text(f"Finding {signal}, against {reference}", "bold"), box=box.SIMPLE_HEAD, min_width=_ROOM
    )
    table.caption_justify = "left"
    table.add_column("score", overflow="fold")
    for heading in ("AUC", "difference", "p", *(f"TPR [%]\nat {key}" for key in shown)):
        table.add_column(heading, justify="right")
    table.add_row(Text(reference), _area(ordinary[background], ordinary[signal]), *["–"] * (2 + len(shown)))
    for name, of in others:
        table.add_row(Text(name), _area(of[background], of[signal]), *_row(found[signal][name], shown))
    table.caption = _CAPTION
    return table


def rich_survival(found: Mapping[str, Mapping[str, Survival]], reference: str) -> Table:
    """Returns the terminal table of tail survival: a row for each candidate.

    Args:
        found: What `survivals` returns.
        reference: The name of the first candidate.
    """
    title = f"Share [%] of the most anomalous background by {reference} that is so by the other score, too"
    table = Table(title=Text(title, "bold"), box=box.SIMPLE_HEAD, min_width=_ROOM)
    table.add_column("score", overflow="fold")
    shares = next(iter(found.values()))
    for key in shares:
        table.add_column(f"of the\ntop {key}", justify="right")
    for name, of in found.items():
        table.add_row(Text(name), *(survival_cell(of[key]) for key in shares))
    table.caption = "In brackets the 95 % interval; * rests on fewer than 10 events, – on none."
    table.caption_justify = "left"
    return table


def survival_cell(found: Survival) -> str:
    """Returns a survival in percent with its interval, and a star if it rests on few events."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    star = "*" if found.few else ""
    return f"{100 * found.value:.0f}{star} [{100 * found.low:.0f}, {100 * found.high:.0f}]"


_CAPTION = (
    "Differences to the first row on the same events, ± the longer side of the paired 95 % interval: better or worse where the\n"
    f"interval leaves out zero, equal where it lies within {EQUAL_WITHIN:g} (rates: within a tenth of the first row's), else undecided.\n"
    "p-values are not corrected for how many differences are looked at. * rests on fewer than 10 background events."
)


def _checked(candidates: Candidates) -> Candidates:
    if len(candidates) < 2:  # noqa: PLR2004 - it takes two
        raise InputError(
            f"Nothing to compare. Expected: at least two scores. Received: {', '.join(candidates) or 'none'}."
        )
    samples = {name: list(of) for name, of in candidates.items()}
    first = next(iter(samples.values()))
    for name, of in samples.items():
        if of != first:
            raise InputError(
                f"{name} has other samples. Expected: {', '.join(first)}. Received: {', '.join(of)}."
            )
    return candidates


def _rate(
    pairs: Mapping[str, tuple[np.ndarray, np.ndarray]], background: str, signal: str, share: float
) -> float:
    return tpr_at_fpr(pairs[background][0], pairs[signal][0], share).value or 0.0


def _metrics(difference: Difference, equal_within: float) -> DifferenceMetrics:
    return {
        "value": difference.value,
        "low": difference.low,
        "high": difference.high,
        "p_value": difference.p_value,
        "few": difference.few,
        "verdict": verdict(difference, equal_within=equal_within),
    }


def _shares(found: Mapping[str, Differences]) -> list[str]:
    return list(next(iter(found.values()))["tpr"])


def _any_value(found: Mapping[str, Differences], key: str) -> bool:
    return any(of["tpr"][key]["value"] is not None for of in found.values())


def _area(background: Float[np.ndarray, " n"], signal: Float[np.ndarray, " m"]) -> str:
    area = auc(background, signal)
    return with_error(area.value, area.low, area.high)


def _row(found: Differences, shown: list[str]) -> list[str]:
    p_value = found["auc"]["p_value"]
    return [
        _cell(found["auc"]),
        "–" if p_value is None else f"{p_value:.1g}",
        *(_cell(found["tpr"][key], unit=100) for key in shown),
    ]


def _cell(found: DifferenceMetrics, *, unit: float = 1) -> str:
    if found["value"] is None or found["low"] is None or found["high"] is None:
        return "–"
    number = with_error(unit * found["value"], unit * found["low"], unit * found["high"])
    sign = "" if number.startswith("-") else "+"
    return f"{sign}{number}{'*' if found['few'] else ''} {found['verdict']}"
