"""Beside the metrics of each score: what it has to do with variables, and how well it separates where these are the same."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.comparison import DecorrelatedMetrics, ScoreMetrics
from offshell.evaluate.separation.sample import Groups

__all__ = ["with_correlations", "with_decorrelated"]

Metrics = Mapping[str, Mapping[str, ScoreMetrics]]
BySample = Mapping[str, Mapping[str, Float[np.ndarray, " n"]]]


def with_decorrelated(
    metrics: Metrics, scores: BySample, *, variables: Sequence[str], groups: Mapping[str, Groups]
) -> dict[str, dict[str, ScoreMetrics]]:
    """Returns the metrics with the AUC of the decorrelated scores under `"decorrelated"`.

    Args:
        metrics: What `compare` returns.
        scores: Decorrelated scores, `{sample: {score: (n,)}}`, the background first.
        variables: Names of what they are decorrelated from.
        groups: Parents of the events by sample, where events share some.
    """
    ordinary = next(iter(scores))

    def of(signal: str, name: str) -> DecorrelatedMetrics:
        parents = {"groups": groups.get(ordinary), "signal_groups": groups.get(signal)}
        area = auc(scores[ordinary][name], scores[signal][name], **parents)
        return {
            "variables": [*variables],
            "auc": area.value,
            "auc_low": area.low,
            "auc_high": area.high,
        }

    return {
        signal: {name: {**numbers, "decorrelated": of(signal, name)} for name, numbers in by_score.items()}
        for signal, by_score in metrics.items()
    }


def with_correlations(
    metrics: Metrics, correlations: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, ScoreMetrics]]:
    """Returns the metrics with rank correlations with variables of background events under `"correlations"`.

    Args:
        metrics: What `compare` returns.
        correlations: `{score: {variable: from -1 to 1}}`.
    """
    return {
        signal: {
            name: {**numbers, "correlations": dict(correlations[name])} for name, numbers in by_score.items()
        }
        for signal, by_score in metrics.items()
    }
