"""What a detector adds to simple triggers: the rate it costs and the signal it finds that none of them takes."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Bool, Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.rates.purity import Estimate, purity
from offshell.evaluate.rates.scored_events import Events, refuse_missing
from offshell.evaluate.rates.thresholds import OperatingPoint
from offshell.evaluate.rates.triggers import Triggers
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.sample import Groups, Weights
from offshell.evaluate.separation.table import with_error
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["Complementarity", "SignalGain", "complementarity", "decide", "rich_complementarity"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


class SignalGain(TypedDict):
    """What the detector and the simple triggers keep of one signal; purities are None without a rate of the signal."""

    efficiency: Estimate
    simple_efficiency: Estimate
    unique_efficiency: Estimate
    purity: Estimate
    unique_purity: Estimate


class Complementarity(TypedDict):
    """A detector beside simple triggers; unique is what passes the detector and none of them.

    Rates are in Hz; `overlap` is the share of the accepted background that each simple trigger takes as well.
    """

    detector: str
    rate_hz: Estimate
    simple_rate_hz: Estimate
    unique_rate_hz: Estimate
    overlap: dict[str, Estimate]
    signals: dict[str, SignalGain]


def decide(
    scores: Mapping[str, Float[np.ndarray, " n"]], thresholds: Mapping[str, OperatingPoint | float]
) -> dict[str, Bool[np.ndarray, " n"]]:
    """Returns which events pass each threshold.

    Args:
        scores: Scores by name, (n,) each; simple triggers are scores too (HT, lepton pT).
        thresholds: For each score in question what `threshold_at_rate` returns, or a threshold.

    Raises:
        InputError: If a score is missing, empty or not finite.

    Example:
        >>> decide({"ht": np.array([100.0, 300.0])}, {"ht": 200.0})
        {'ht': array([False,  True])}
    """
    if missing := set(thresholds) - set(scores):
        raise InputError(
            f"There is no such score. Expected: some of {', '.join(scores)}. Received: {', '.join(sorted(missing))}."
        )
    return {
        name: checked_scores(scores[name], name)
        > (point.threshold if isinstance(point, OperatingPoint) else point)
        for name, point in thresholds.items()
    }


def complementarity(
    background: Scores,
    signals: Mapping[str, Scores],
    points: Mapping[str, OperatingPoint | float],
    *,
    detector: str,
    signal_rates_hz: Mapping[str, float] | None = None,
    input_rate_hz: float = INPUT_RATE_HZ,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Mapping[str, Weights] | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> Complementarity:
    """Returns what one trigger adds to the others, each number with its 95 % interval.

    Rates are those expected of new events at the given thresholds. Efficiencies and overlaps are stated at the rates that
    were asked for: their intervals hold what is uncertain of the events and of where the background has put all
    thresholds (see `Triggers`). Purities are those at the given thresholds, with the conservative intervals of `purity`.

    Args:
        background: Scores of the background by name, one for each trigger, (n,) each.
        signals: For each signal, its scores under the same names.
        points: For each trigger what `threshold_at_rate` found on this background, or a threshold that is what it is.
        detector: The trigger in question; all others are the simple ones.
        signal_rates_hz: Rates at which signals are produced [Hz], for the purities; see `production_rate_hz`.
        input_rate_hz: Rate of all background events [Hz].
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events by signal.
        signal_groups: Parents of signal events by signal.

    Returns:
        A mapping ready for JSON.

    Raises:
        InputError: If a trigger or a score is missing, scores are empty, not finite or not of one length, weights or groups
            do not belong to the events, or purities are asked for of events with weights.
    """
    _check(points, detector)
    simple = [name for name in points if name != detector]
    ordinary = Events(background, "background", weights=weights, groups=groups)
    triggers = Triggers(ordinary, points, input_rate_hz=input_rate_hz)
    anomalous = [
        Events(scores, name, weights=(signal_weights or {}).get(name), groups=(signal_groups or {}).get(name))
        for name, scores in signals.items()
    ]
    return {
        "detector": detector,
        "rate_hz": triggers.rate([detector]),
        "simple_rate_hz": triggers.rate(simple),
        "unique_rate_hz": triggers.unique_rate(detector, simple),
        "overlap": {name: triggers.overlap(detector, name) for name in simple},
        "signals": {
            signal.name: _gain(triggers, signal, detector, simple, (signal_rates_hz or {}).get(signal.name))
            for signal in anomalous
        },
    }


def rich_complementarity(result: Complementarity) -> Table:
    """Returns the terminal table: a row for each signal, what the detector costs and shares below.

    Args:
        result: What `complementarity` returns.
    """
    title = f"What {result['detector']} adds to {', '.join(result['overlap'])} [%]"
    table = Table(title=Text(title, "bold"), box=box.SIMPLE_HEAD)
    table.caption_justify = "left"
    table.add_column("signal", overflow="fold")
    with_purity = any(gain["purity"]["value"] is not None for gain in result["signals"].values())
    headings = ["passes\nthe detector", "passes a\nsimple trigger", "passes only\nthe detector"]
    for heading in headings + ["purity"] * with_purity:
        table.add_column(heading, justify="right")
    for name, gain in result["signals"].items():
        shown = [gain["efficiency"], gain["simple_efficiency"], gain["unique_efficiency"]]
        shown += [gain["purity"]] * with_purity
        table.add_row(Text(name), *(_shown(estimate, 100) for estimate in shown))
    table.caption = _caption(result)
    return table


def _gain(
    triggers: Triggers, signal: Events, detector: str, simple: list[str], signal_rate_hz: float | None
) -> SignalGain:
    refuse_missing(signal, triggers.points)

    def purity_of(others: list[str]) -> Estimate:
        if signal_rate_hz is None:
            return {"value": None, "low": None, "high": None}
        counts = [_counted(triggers, events, detector, others) for events in (triggers.background, signal)]
        return purity(*counts, input_rate_hz=triggers.input_rate_hz, signal_rate_hz=signal_rate_hz)

    return {
        "efficiency": triggers.efficiency(signal, [detector]),
        "simple_efficiency": triggers.efficiency(signal, simple),
        "unique_efficiency": triggers.unique_efficiency(signal, detector, simple),
        "purity": purity_of([]),
        "unique_purity": purity_of(simple),
    }


def _counted(triggers: Triggers, events: Events, detector: str, others: list[str]) -> tuple[int, int]:
    if events.weights is not None or events.groups is not None:
        raise InputError(
            "A purity has an exact interval of independent events of one weight only. Expected: no weights and no groups. "
            f"Received: some of {events.name}."
        )
    passed = events.passed([detector], triggers.thresholds)
    if others:
        passed &= ~events.passed(others, triggers.thresholds)
    return int(passed.sum()), events.n_events


def _check(points: Mapping[str, OperatingPoint | float], detector: str) -> None:
    if detector not in points or len(points) == 1:
        raise InputError(
            f"Wrong triggers. Expected: {detector} and at least one simple trigger. Received: {', '.join(points)}."
        )


def _shown(estimate: Estimate, scale: float) -> str:
    numbers = (estimate["value"], estimate["low"], estimate["high"])
    return with_error(*(None if number is None else scale * number for number in numbers))


def _caption(result: Complementarity) -> str:
    rates = [
        f"Rate: {_shown(result['rate_hz'], 1e-3)} kHz",
        f"of it unique: {_shown(result['unique_rate_hz'], 1e-3)} kHz",
    ]
    overlaps = [f"{name} takes {_shown(overlap, 100)} % of it" for name, overlap in result["overlap"].items()]
    return ", ".join([*rates, *overlaps]) + ".\n± is the longer side of the 95 % interval."
