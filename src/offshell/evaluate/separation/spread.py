"""Several trainings of one detector: how far their results scatter, beside the statistical interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.area import auc
from offshell.evaluate.separation.comparison import FALSE_POSITIVE_RATES, ScoreMetrics, SpreadMetrics
from offshell.evaluate.separation.metrics import tpr_at_fpr
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["Spread", "spread", "with_spread"]

Scores = Mapping[str, Float[np.ndarray, " n"]]


@dataclass(frozen=True)
class Spread:
    """A number over several trainings.

    Attributes:
        mean: Its mean.
        standard_deviation: Of one training (not of the mean), with n - 1 in the denominator.
        low: The smallest.
        high: The largest.
        n_members: How many trainings there are.
    """

    mean: float
    standard_deviation: float
    low: float
    high: float
    n_members: int


def spread(values: Float[np.ndarray, " members"]) -> Spread:
    """Returns how a number such as an AUC or a true positive rate scatters over trainings.

    It stands beside the statistical interval of each number and does not replace it: trainings that are scored on the
    same events share the fluctuations of these events.

    Args:
        values: The number for each training.

    Raises:
        InputError: If there are fewer than two, or some are NaN or infinite.

    Example:
        >>> spread(np.array([0.5, 0.6, 0.7])).mean
        0.6
    """
    numbers = checked_scores(values, "values")
    if len(numbers) == 1:
        raise InputError("Too few trainings for a spread. Expected: at least two. Received: 1.")
    return Spread(
        float(numbers.mean()),
        float(numbers.std(ddof=1)),
        float(numbers.min()),
        float(numbers.max()),
        len(numbers),
    )


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
    area = spread(np.array(areas))
    return {
        "n": area.n_members,
        "auc": area.standard_deviation,
        "auc_mean": area.mean,
        "tpr": {key: _deviation(values) for key, values in rates.items()},
    }


def _deviation(values: Sequence[float | None]) -> float | None:
    """None where a training has no rate, because no background event passes."""
    return None if None in values else spread(np.array(values, float)).standard_deviation
