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
from offshell.evaluate.rates.scored_events import Events
from offshell.evaluate.rates.thresholds import OperatingPoint, threshold_at_rate
from offshell.evaluate.rates.triggers import Triggers
from offshell.evaluate.separation.sample import Groups, Weights
from offshell.models.terms.weighted_sum import evaluate
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["Cut", "Menu", "OfSeed", "Seed", "menu", "rich_menu"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


class Seed(NamedTuple):
    """One trigger of a menu."""

    score: str
    """What it cuts on: a score, an observable, or a weighted sum of them."""
    rate_hz: float
    """The rate that it is allowed [Hz], before its prescale."""
    prescale: float = 1.0
    """It keeps one in so many of the events that pass."""


class Cut(NamedTuple):
    """A trigger of a menu with a threshold that is what it is, such as a cut on HT."""

    score: str
    """What it cuts on, as for `Seed`."""
    threshold: float
    """What is above passes."""
    prescale: float = 1.0
    """It keeps one in so many of the events that pass."""


class OfSeed(TypedDict):
    """What one trigger keeps; `unique_rate_hz` is what no other one of the menu does."""

    score: str
    threshold: float
    prescale: float
    n_background: int
    few: bool
    rate_hz: Estimate
    unique_rate_hz: Estimate
    efficiencies: dict[str, Estimate]


class Menu(TypedDict):
    """What the triggers of a menu keep alone and together; rates are in Hz, after all prescales.

    An overlap is the share of the background of the first trigger that the second one keeps as well.
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
    seeds: Mapping[str, Seed | Cut],
    *,
    input_rate_hz: float = INPUT_RATE_HZ,
    at_most: float | None = None,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Mapping[str, Weights] | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> Menu:
    """Returns thresholds, rates and efficiencies of several triggers, each number with its 95 % interval.

    A prescale p counts as a weight: an event that passes is kept with the probability 1 / p, by each trigger for itself.

    Args:
        background: Scores of the background by name, (n,) each.
        signals: For each signal, its scores under the same names.
        seeds: The triggers by name.
        input_rate_hz: Rate of all background events [Hz].
        at_most: As for `threshold_at_rate`.
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events by signal.
        signal_groups: Parents of signal events by signal.

    Returns:
        A mapping ready for JSON.

    Raises:
        InputError: If there is no trigger, a score is missing or not finite, a prescale is below 1, weights or groups do not
            belong to the events, or there are too few events for a rate.
    """
    if not seeds:
        raise InputError("There is no trigger. Expected: at least one rate. Received: none.")
    ordinary = Events(_chosen(background, seeds), "background", weights=weights, groups=groups)
    points = {
        name: seed.threshold
        if isinstance(seed, Cut)
        else threshold_at_rate(
            ordinary.scores[name],
            rate_hz=seed.rate_hz,
            input_rate_hz=input_rate_hz,
            at_most=at_most,
            weights=weights,
            groups=groups,
        )
        for name, seed in seeds.items()
    }
    prescales = {name: seed.prescale for name, seed in seeds.items()}
    triggers = Triggers(ordinary, points, input_rate_hz=input_rate_hz, prescales=prescales)
    anomalous = [
        Events(
            _chosen(scores, seeds),
            name,
            weights=(signal_weights or {}).get(name),
            groups=(signal_groups or {}).get(name),
        )
        for name, scores in signals.items()
    ]
    return {
        "input_rate_hz": input_rate_hz,
        "parents": groups is not None,
        "seeds": {
            name: {
                "score": seeds[name].score,
                "threshold": triggers.thresholds[name],
                "prescale": seeds[name].prescale,
                **_counted(ordinary, name, point),
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
            f"{seed['threshold']:.5g}" + (f"\n1 in {seed['prescale']:g}" if seed["prescale"] > 1 else ""),
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


class _Counted(TypedDict):
    n_background: int
    few: bool


def _counted(background: Events, name: str, point: OperatingPoint | float) -> _Counted:
    """On how many events, or parents, that pass the rate of a trigger rests."""
    if isinstance(point, OperatingPoint):
        return {"n_background": point.n_background, "few": point.few}
    ordered = background.sample(name)
    return {"n_background": ordered.n_parents_above(point), "few": ordered.is_few(point)}


def _chosen(scores: Scores, seeds: Mapping[str, Seed | Cut]) -> dict[str, Float[np.ndarray, " n"]]:
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
    if any(seed["prescale"] > 1 for seed in found["seeds"].values()):
        notes.append(
            "Prescaled triggers keep 1 in so many; rates, overlaps and efficiencies are of what is kept."
        )
    if any(seed["few"] for seed in found["seeds"].values()):
        notes.append(f"* fewer than 10 independent {'parents' if found['parents'] else 'events'}.")
    notes.extend(
        f"{other} keeps {_shown(overlap, 100.0).replace(chr(10), ' ')} % of {name}."
        for name, other, overlap in found["overlaps"]
    )
    return "\n".join(notes)
