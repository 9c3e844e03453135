"""Signal efficiencies at trigger rates: one mapping for JSON, one table for the terminal."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.evaluate.rates.thresholds import background_share
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.evaluate.separation.metrics import tpr_at_fpr
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.table import RateMetrics, percent, rate_metrics
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["TRIGGER_RATES_HZ", "RateEfficiency", "efficiencies_at_rates", "rich_rates"]

TRIGGER_RATES_HZ = {"0.1 kHz": 1e2, "1 kHz": 1e3, "10 kHz": 1e4}
"""Rates that a level-1 trigger may give to an anomaly score, from the tightest to the loosest."""

Scores = Mapping[str, Float[np.ndarray, " n"]]


class RateEfficiency(RateMetrics):
    """Efficiency for one signal at one rate, and what is known of the rate; efficiencies are None on no background.

    The bounds of the rate [Hz] are those of the exact binomial interval.
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
) -> dict[str, dict[str, dict[str, RateEfficiency]]]:
    """Returns, for each rate, each score and each signal, the share of the signal that the rate buys.

    Value and interval are those of `tpr_at_fpr`: both the finite signal and the finite background, which decides
    where the threshold lies, are in the interval. A rate below that of one background event has no efficiency.

    Args:
        background: Scores of the background by name, (n,) each.
        signals: For each signal, its scores under the same names.
        rates_hz: Rates by the name that they have in the result [Hz].
        input_rate_hz: Rate of all events [Hz].

    Returns:
        `{rate: {score: {signal: {"value", "low", "high", "n_background", "few", "threshold", "rate_hz", "rate_low",
        "rate_high"}}}}`, ready for JSON.

    Raises:
        InputError: If a rate is not between 0 and the input rate, a signal lacks a score of the background, or scores
            are empty, not one-dimensional or not finite.
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
    rising = {name: np.sort(checked_scores(scores, name)) for name, scores in background.items()}
    return {
        rate: {
            name: {
                signal: _efficiency(rising[name], scores[name], share, input_rate_hz)
                for signal, scores in signals.items()
            }
            for name in rising
        }
        for rate, share in shares.items()
    }


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


def _efficiency(
    background: Float[np.ndarray, " n"],
    signal: Float[np.ndarray, " m"],
    share: float,
    input_rate_hz: float,
) -> RateEfficiency:
    rate = tpr_at_fpr(background, signal, share)
    low, high = binomial_interval(rate.n_background, len(background))
    return {
        **rate_metrics(rate),
        "threshold": rate.threshold,
        "rate_hz": rate.n_background / len(background) * input_rate_hz,
        "rate_low": float(low) * input_rate_hz,
        "rate_high": float(high) * input_rate_hz,
    }


def _caption(entries: list[RateEfficiency]) -> str:
    notes = ["± is the longer side of the 95 % interval."]
    if any(entry["value"] is None for entry in entries):
        notes.append("– would rest on no background event.")
    if any(entry["few"] and entry["value"] is not None for entry in entries):
        notes.append("* rests on fewer than 10 background events.")
    return "\n".join(notes)
