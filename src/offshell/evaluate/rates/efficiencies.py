"""Signal efficiencies at trigger rates: one mapping for JSON, one table for the terminal."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.rates.thresholds import OperatingPoint, background_share, point_at_share
from offshell.evaluate.separation.comparison import RateMetrics, rate_metrics
from offshell.evaluate.separation.metrics import rate_at
from offshell.evaluate.separation.sample import Groups, Sample, Weights, sample
from offshell.evaluate.separation.table import percent
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["TRIGGER_RATES_HZ", "RateEfficiency", "efficiencies_at_rates", "rich_rates"]

TRIGGER_RATES_HZ = {"0.1 kHz": 1e2, "1 kHz": 1e3, "10 kHz": 1e4}
"""Rates that a level-1 trigger may give to an anomaly score, from the tightest to the loosest."""

Scores = Mapping[str, Float[np.ndarray, " n"]]


class RateEfficiency(RateMetrics):
    """Efficiency for one signal at one rate, and what is known of the rate; efficiencies are None on no background.

    Rate and bounds [Hz] are what is expected of new events above the threshold, as `threshold_at_rate` has it.
    """

    threshold: float
    rate_hz: float
    rate_low: float
    rate_high: float


def efficiencies_at_rates(
    background: Scores,
    signals: Mapping[str, Scores],
    *,
    rates_hz: Mapping[str, float] = TRIGGER_RATES_HZ,
    input_rate_hz: float = INPUT_RATE_HZ,
    weights: Weights | None = None,
    groups: Groups | None = None,
    signal_weights: Mapping[str, Weights] | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> dict[str, dict[str, dict[str, RateEfficiency]]]:
    """Returns, for each rate, each score and each signal, the share of the signal that the rate buys.

    Value and interval are those of `tpr_at_fpr`: both the finite signal and the finite background, which decides
    where the threshold lies, are in the interval. A rate below that of one background event has no efficiency.

    Args:
        background: Scores of the background by name, (n,) each.
        signals: For each signal, its scores under the same names.
        rates_hz: Rates by the name that they have in the result [Hz].
        input_rate_hz: Rate of all events [Hz].
        weights: Weights of background events, of either sign; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_weights: Weights of signal events by signal.
        signal_groups: Parents of signal events by signal.

    Returns:
        `{rate: {score: {signal: {"value", "low", "high", "n_background", "few", "threshold", "rate_hz", "rate_low",
        "rate_high"}}}}`, ready for JSON.

    Raises:
        InputError: If a rate is not between 0 and the input rate, a signal lacks a score of the background, or scores
            are empty, not one-dimensional or not finite, or weights or groups do not belong to them or cancel.
    """
    shares = {
        rate: background_share(rate_hz, input_rate_hz=input_rate_hz) for rate, rate_hz in rates_hz.items()
    }
    for signal, scores in signals.items():
        if missing := set(background) - set(scores):
            raise InputError(
                f"Scores of {signal} are missing. Expected: {', '.join(background)}. Received: none of "
                f"{', '.join(sorted(missing))}."
            )
    found: dict[str, dict[str, dict[str, RateEfficiency]]] = {rate: {} for rate in shares}
    for name, of_background in background.items():
        ordinary = sample(of_background, name, weights=weights, groups=groups)
        anomalous = {
            signal: sample(
                values[name],
                f"{signal}, {name}",
                weights=(signal_weights or {}).get(signal),
                groups=(signal_groups or {}).get(signal),
            )
            for signal, values in signals.items()
        }
        for rate, share in shares.items():
            point = point_at_share(ordinary, share, input_rate_hz=input_rate_hz)
            found[rate][name] = {
                signal: _efficiency(ordinary, of_signal, share, point)
                for signal, of_signal in anomalous.items()
            }
    return found


def rich_rates(efficiencies: Mapping[str, Mapping[str, Mapping[str, RateEfficiency]]], rate: str) -> Table:
    """Returns the terminal table of one rate: a row for each score, a column for each signal.

    Args:
        efficiencies: What `efficiencies_at_rates` returns.
        rate: Which rate to show, by its name.

    Raises:
        InputError: If there is no such rate.
    """
    if rate not in efficiencies:
        raise InputError(f"Unknown rate. Expected: {', '.join(efficiencies)}. Received: rate={rate!r}.")
    scores = efficiencies[rate]
    table = Table(title=Text(f"Signal efficiency [%] at {rate}", "bold"), box=box.SIMPLE_HEAD)
    table.caption_justify = "left"
    table.add_column("score", overflow="fold")
    for signal in next(iter(scores.values()), {}):
        table.add_column(Text(signal), justify="right")
    for name, of_signals in scores.items():
        table.add_row(Text(name), *(percent(efficiency) for efficiency in of_signals.values()))
    table.caption = _caption([entry for of_signals in scores.values() for entry in of_signals.values()])
    return table


def _efficiency(background: Sample, signal: Sample, share: float, point: OperatingPoint) -> RateEfficiency:
    rate = rate_at(background, signal, share)
    low, high = point.interval
    return {
        **rate_metrics(rate),
        "threshold": rate.threshold,
        "rate_hz": point.rate_hz,
        "rate_low": low,
        "rate_high": high,
    }


def _caption(entries: list[RateEfficiency]) -> str:
    notes = ["± is the longer side of the 95 % interval."]
    if any(entry["value"] is None for entry in entries):
        notes.append("– would rest on no background event.")
    if any(entry["few"] and entry["value"] is not None for entry in entries):
        notes.append("* rests on fewer than 10 background events.")
    return "\n".join(notes)
