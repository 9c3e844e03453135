"""Several trainings of one detector: how far their results scatter, and one score from all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.p_values import p_value
from offshell.evaluate.ranking import checked_scores

__all__ = ["Spread", "mean_rank", "spread"]


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


def mean_rank(
    references: Sequence[Float[np.ndarray, " n_background"]], scores: Sequence[Float[np.ndarray, " n"]]
) -> Float[np.ndarray, " n"]:
    r"""Returns one score for each event: the mean over trainings of its rank among background events.

    .. math:: \bar r = \frac{1}{M} \sum_{m=1}^M \left(1 - p_m(s_m)\right), \quad
              p_m(s) = \frac{1 + \#\{b_m \geq s\}}{n_m + 1}

    Ranks have the same scale for every training, and for detectors of different kinds; a mean of scores would follow
    the one with the largest numbers. Events that score above all reference events of a training share its highest
    rank, so the reference has to reach further into the tail than the smallest false positive rate in question.

    Args:
        references: For each training its scores of background events, which must not be the events under test.
        scores: For each training its scores of the same n events.

    Raises:
        InputError: If there is not one reference for each training, trainings have scores of different numbers of
            events, or scores are empty or not finite.

    Example:
        >>> mean_rank([np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])], [np.array([9.0]), np.array([15.0])])
        array([0.5])
    """
    if len(scores) == 0 or len(references) != len(scores) or len({len(values) for values in scores}) > 1:
        raise InputError(
            "Members do not fit together. Expected: a reference for each member, and scores of the same events. Received: "
            f"{len(references)} references, scores of {', '.join(str(len(values)) for values in scores) or 'none'}."
        )
    ranks = [1 - p_value(reference, values) for reference, values in zip(references, scores, strict=True)]
    return np.asarray(np.mean(ranks, axis=0))
