"""A menu of triggers: what each takes, what only it takes, and what all take together."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple, TypedDict

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.rates.purity import Estimate
from offshell.evaluate.rates.thresholds import threshold_at_rate
from offshell.evaluate.rates.triggers import Events, Triggers
from offshell.evaluate.separation.sample import Groups
from offshell.models.terms.weighted_sum import evaluate
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["Menu", "OfSeed", "Seed", "menu", "rich_menu"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


class Seed(NamedTuple):
    """One trigger of a menu."""

    score: str
    """What it cuts on: a score, an observable, or a weighted sum of them."""
    rate_hz: float
    """The rate that it is allowed [Hz]."""


class OfSeed(TypedDict):
    """What one trigger takes; `unique_rate_hz` is what no other one of the menu does."""

    score: str
    threshold: float
    n_background: int
    few: bool
    rate_hz: Estimate
    unique_rate_hz: Estimate
    efficiencies: dict[str, Estimate]


class Menu(TypedDict):
    """What the triggers of a menu take alone and together; rates are in Hz.

    An overlap is the share of the background of the first trigger that the second one takes as well.
    """

    input_rate_hz: float
    parents: bool
    seeds: dict[str, OfSeed]
    total_rate_hz: Estimate
    overlaps: list[tuple[str, str, Estimate]]
    efficiencies: dict[str, Estimate]


def menu(
    background: Scores,
    signals: Mapping[str, Scores],
    seeds: Mapping[str, Seed],
    *,
    input_rate_hz: float = INPUT_RATE_HZ,
    at_most: float | None = None,
    groups: Groups | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> Menu:
    """Returns thresholds, rates and efficiencies of several triggers, each number with its 95 % interval.

    Args:
        background: Scores of the background by name, (n,) each.
        signals: For each signal, its scores under the same names.
        seeds: The triggers by name.
        input_rate_hz: Rate of all background events [Hz].
        at_most: As for `threshold_at_rate`.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_groups: Parents of signal events by signal.

    Returns:
        A mapping ready for JSON.

    Raises:
        InputError: If there is no trigger, a score is missing or not finite, or there are too few events for a rate.
    """
    if not seeds:
        raise InputError("There is no trigger. Expected: at least one rate. Received: none.")
    ordinary = Events(_chosen(background, seeds), "background", groups=groups)
    points = {
        name: threshold_at_rate(
            ordinary.scores[name],
            rate_hz=seed.rate_hz,
            input_rate_hz=input_rate_hz,
            at_most=at_most,
            groups=groups,
        )
        for name, seed in seeds.items()
    }
    triggers = Triggers(ordinary, points, input_rate_hz=input_rate_hz)
    anomalous = [
        Events(_chosen(scores, seeds), name, groups=(signal_groups or {}).get(name))
        for name, scores in signals.items()
    ]
    return {
        "input_rate_hz": input_rate_hz,
        "parents": groups is not None,
        "seeds": {
            name: {
                "score": seeds[name].score,
                "threshold": point.threshold,
                "n_background": point.n_background,
                "few": point.few,
                "rate_hz": triggers.rate([name]),
                "unique_rate_hz": triggers.unique_rate(name, [other for other in seeds if other != name]),
                "efficiencies": {signal.name: triggers.efficiency(signal, [name]) for signal in anomalous},
            }
            for name, point in points.items()
        },
        "total_rate_hz": triggers.rate(list(seeds)),
        "overlaps": [
            (name, other, triggers.overlap(name, other))
            for pair in combinations(seeds, 2)
            for name, other in (pair, pair[::-1])
        ],
        "efficiencies": {signal.name: triggers.efficiency(signal, list(seeds)) for signal in anomalous},
    }


def rich_menu(found: Menu) -> Table:
    """Returns the terminal table: a row for each trigger, one for all, and overlaps below.

    Args:
        found: What `menu` returns.
    """
    table = Table(title=Text("Triggers", "bold"), box=box.SIMPLE_HEAD)
    table.caption_justify = "left"
    counted = "parents" if found["parents"] else "events"
    for heading in ("trigger", "score"):
        table.add_column(heading, overflow="fold")
    for heading in (
        "threshold",
        f"background\n{counted}",
        "expected\nrate",
        "unique\nrate",
        *found["efficiencies"],
    ):
        table.add_column(Text(heading), justify="right")
    for name, seed in found["seeds"].items():
        table.add_row(
            Text(name),
            Text(seed["score"]),
            f"{seed['threshold']:.5g}",
            f"{seed['n_background']:,}{'*' if seed['few'] else ''}",
            _hertz(seed["rate_hz"]),
            _hertz(seed["unique_rate_hz"]),
            *map(_percent, seed["efficiencies"].values()),
        )
    if len(found["seeds"]) > 1:
        of_all = map(_percent, found["efficiencies"].values())
        table.add_row("all", "", "", "", _hertz(found["total_rate_hz"]), "", *of_all)
    table.caption = _caption(found)
    return table


def _chosen(scores: Scores, seeds: Mapping[str, Seed]) -> dict[str, Float[np.ndarray, " n"]]:
    return {name: np.asarray(evaluate(seed.score, scores)) for name, seed in seeds.items()}


def _hertz(estimate: Estimate) -> str:
    return _shown(estimate, 1.0) + " Hz"


def _percent(estimate: Estimate) -> str:
    return _shown(estimate, 100.0) + " %"


def _shown(estimate: Estimate, scale: float) -> str:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None or low is None or high is None:
        return "–"
    return f"{_digits(scale * value)}\n[{_digits(scale * low)}, {_digits(scale * high)}]"


def _digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 1000 else f"{number:.3g}"  # noqa: PLR2004 - a thousand needs no decimals


def _caption(found: Menu) -> str:
    notes = [
        f"Rates of {found['input_rate_hz'] / 1e6:g} MHz: expected of new events above the threshold.",
        "Efficiencies: at the asked rate. Intervals of 95 %.",
    ]
    if found["parents"]:
        notes.append("Events that share a parent count together.")
    if any(seed["few"] for seed in found["seeds"].values()):
        notes.append(f"* fewer than 10 independent {'parents' if found['parents'] else 'events'}.")
    notes.extend(
        f"{other} takes {_shown(overlap, 100.0).replace(chr(10), ' ')} % of {name}."
        for name, other, overlap in found["overlaps"]
    )
    return "\n".join(notes)
