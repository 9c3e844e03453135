"""What a run is worth as a trigger: efficiencies at the rates of its recipe, and what its score adds to simple triggers."""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Float

from offshell import settings
from offshell.evaluate.baselines.events import TRIGGERS
from offshell.evaluate.rates.complement import Complementarity, complementarity, decide
from offshell.evaluate.rates.efficiencies import RateEfficiency, efficiencies_at_rates
from offshell.evaluate.rates.thresholds import threshold_at_rate
from offshell.models.terms.weighted_sum import evaluate

__all__ = ["OperatingPoints", "operating_points"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


class OperatingPoints(TypedDict):
    """Both by the name of the rate; a rate below that of one background event has no complementarity."""

    efficiencies: dict[str, dict[str, dict[str, RateEfficiency]]]
    complementarity: dict[str, Complementarity]


def operating_points(
    background: Scores, signals: Mapping[str, Scores], *, score: str, settings: settings.Evaluate
) -> OperatingPoints:
    """Returns efficiencies of all scores at trigger rates, and the complementarity of one of them.

    For the complementarity, the score and each simple trigger get the threshold of the same rate.

    Args:
        background: Scores of the background by name, those of the simple triggers among them, (n,) each.
        signals: For each signal, its scores under the same names.
        score: The score in question, a weighted sum of those names.
        settings: The table `[evaluate]` of a recipe, for the rates.

    Raises:
        InputError: If scores are missing, empty or not finite.
    """
    rates_hz = {f"{rate_hz / 1e3:g} kHz": rate_hz for rate_hz in settings.rates_hz}
    input_rate_hz = settings.input_rate_hz
    return {
        "efficiencies": efficiencies_at_rates(
            background, signals, rates_hz=rates_hz, input_rate_hz=input_rate_hz
        ),
        "complementarity": {
            name: _complementarity(background, signals, score, rate_hz, input_rate_hz)
            for name, rate_hz in rates_hz.items()
            if rate_hz * len(background[TRIGGERS[0]]) >= input_rate_hz
        },
    }


def _complementarity(
    background: Scores, signals: Mapping[str, Scores], score: str, rate_hz: float, input_rate_hz: float
) -> Complementarity:
    ordinary = _chosen(background, score)
    thresholds = {
        name: threshold_at_rate(scores, rate_hz=rate_hz, input_rate_hz=input_rate_hz)
        for name, scores in ordinary.items()
    }
    return complementarity(
        decide(ordinary, thresholds),
        {name: decide(_chosen(scores, score), thresholds) for name, scores in signals.items()},
        detector=score,
        input_rate_hz=input_rate_hz,
    )


def _chosen(scores: Scores, score: str) -> dict[str, Float[np.ndarray, " n"]]:
    return {score: np.asarray(evaluate(score, scores)), **{name: scores[name] for name in TRIGGERS}}
