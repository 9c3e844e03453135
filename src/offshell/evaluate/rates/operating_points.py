"""What a run is worth as a trigger: efficiencies at the rates of its recipe, and what its score adds to simple triggers."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Float

from offshell import settings
from offshell.evaluate.baselines.events import TRIGGERS
from offshell.evaluate.rates.complement import Complementarity, complementarity
from offshell.evaluate.rates.efficiencies import RateEfficiency, efficiencies_at_rates
from offshell.evaluate.rates.thresholds import OperatingPoint, background_share, point_at_share
from offshell.evaluate.separation.sample import Groups, sample
from offshell.models.terms.weighted_sum import evaluate

__all__ = ["OperatingPoints", "operating_points"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


class OperatingPoints(TypedDict):
    """Both by the name of the rate; a rate below that of one background event has no complementarity."""

    efficiencies: dict[str, dict[str, dict[str, RateEfficiency]]]
    complementarity: dict[str, Complementarity]


def operating_points(
    background: Scores,
    signals: Mapping[str, Scores],
    *,
    score: str,
    settings: settings.Evaluate,
    groups: Groups | None = None,
    signal_groups: Mapping[str, Groups] | None = None,
) -> OperatingPoints:
    """Returns efficiencies of all scores at trigger rates, and the complementarity of one of them.

    For the complementarity, the score and each simple trigger get the threshold of the same rate.

    Args:
        background: Scores of the background by name, those of the simple triggers among them, (n,) each.
        signals: For each signal, its scores under the same names.
        score: The score in question, a weighted sum of those names.
        settings: The table `[evaluate]` of a recipe, for the rates.
        groups: Parents of background events, integers that events of one collision share; None for independent events.
        signal_groups: Parents of signal events by signal.

    Raises:
        InputError: If scores are missing, empty or not finite.
    """
    rates_hz = {f"{rate_hz / 1e3:g} kHz": rate_hz for rate_hz in settings.rates_hz}
    efficiencies = efficiencies_at_rates(
        background,
        signals,
        rates_hz=rates_hz,
        input_rate_hz=settings.input_rate_hz,
        groups=groups,
        signal_groups=signal_groups,
    )
    ordinary = _chosen(background, score)
    anomalous = {name: _chosen(scores, score) for name, scores in signals.items()}
    return {
        "efficiencies": efficiencies,
        "complementarity": {
            name: complementarity(
                ordinary,
                anomalous,
                points,
                detector=score,
                input_rate_hz=settings.input_rate_hz,
                groups=groups,
                signal_groups=signal_groups,
            )
            for name, rate_hz in rates_hz.items()
            if (points := _points(ordinary, rate_hz, settings.input_rate_hz, groups))
        },
    }


def _points(
    background: Scores, rate_hz: float, input_rate_hz: float, groups: Groups | None
) -> dict[str, OperatingPoint]:
    """The threshold of each trigger at a rate; none if it is below that of one event."""
    share = background_share(rate_hz, input_rate_hz=input_rate_hz)
    samples = {name: sample(scores, name, groups=groups) for name, scores in background.items()}
    if any(share * events.total * (1 + 1e-12) < events.unit(np.inf) for events in samples.values()):
        return {}
    return {
        name: point_at_share(events, share, input_rate_hz=input_rate_hz) for name, events in samples.items()
    }


def _chosen(scores: Scores, score: str) -> dict[str, Float[np.ndarray, " n"]]:
    return {score: np.asarray(evaluate(score, scores)), **{name: scores[name] for name in TRIGGERS}}
