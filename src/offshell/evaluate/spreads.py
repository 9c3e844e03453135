"""How much a number changes from one training to the next, beside its statistical interval."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from offshell.evaluate.metrics import auc, tpr_at_fpr
from offshell.evaluate.table import FALSE_POSITIVE_RATES, ScoreMetrics, SpreadMetrics

__all__ = ["with_spread"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


def with_spread(
    metrics: Mapping[str, Mapping[str, ScoreMetrics]], members: Sequence[Mapping[str, Scores]]
) -> dict[str, dict[str, ScoreMetrics]]:
    """Returns the metrics with the spread over the members of an ensemble under `"spread"`.

    Args:
        metrics: What `compare` returns for the ensemble; scores that members do not have stay as they are.
        members: The scores of each member, `{sample: {score: (n,)}}`, the background first.
    """
    return {
        signal: {
            name: {**numbers, "spread": _spread(members, signal, name)}
            if _have(members, signal, name)
            else numbers
            for name, numbers in by_score.items()
        }
        for signal, by_score in metrics.items()
    }


def _have(members: Sequence[Mapping[str, Scores]], signal: str, name: str) -> bool:
    return len(members) > 1 and name in members[0][signal]


def _spread(members: Sequence[Mapping[str, Scores]], signal: str, name: str) -> SpreadMetrics:
    pairs = [(next(iter(member.values()))[name], member[signal][name]) for member in members]
    areas = [auc(background, signal).value for background, signal in pairs]
    rates = {
        key: [tpr_at_fpr(background, signal, fpr).value for background, signal in pairs]
        for key, fpr in FALSE_POSITIVE_RATES.items()
    }
    return {
        "n": len(pairs),
        "auc": _deviation(areas),
        "auc_mean": float(np.mean(areas)),
        "tpr": {key: None if None in values else _deviation(values) for key, values in rates.items()},
    }


def _deviation(values: Sequence[float | None]) -> float:
    return float(np.std(np.array(values, float), ddof=1))
