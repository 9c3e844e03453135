"""Scores of one sample in rising order, and what each event counts: its weight, and the parent that it shares with others."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Integer
from numpy.typing import ArrayLike

from offshell.errors import InputError
from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND, checked_scores, threshold_at_share
from offshell.train.split import checked_groups

__all__ = [
    "Groups",
    "Sample",
    "Weights",
    "by_parent",
    "checked_weights",
    "numbered",
    "sample",
    "share_interval",
    "unit",
]

Scores = Float[np.ndarray, " n"]
Weights = Float[np.ndarray, " n"]
Groups = Integer[np.ndarray, " n"]

_NEIGHBORS = 100  # highest events that tell how many share a parent, where fewer are above a threshold
_ROUNDING = 1e-12  # 0.29 * 100 is 28.999999999999996


@dataclass(frozen=True)
class Sample:
    """A sample in rising order of its scores.

    Attributes:
        scores: Scores, (n,), rising.
        weights: What each event counts, (n,); None if each counts one.
        parents: Numbers of the parents from 0 on, (n,); None if no two events share one.
    """

    scores: Scores
    weights: Weights | None = None
    parents: Groups | None = None

    @property
    def is_plain(self) -> bool:
        """Whether each event counts one and stands for itself."""
        return self.weights is None and self.parents is None

    @cached_property
    def total(self) -> float:
        """The sum of all weights."""
        return float(len(self.scores) if self.weights is None else self.weights.sum())

    def n_above(self, thresholds: ArrayLike) -> Integer[np.ndarray, "*thresholds"]:
        """Returns how many events score above (not at) each threshold, whatever they weigh."""
        return len(self.scores) - np.searchsorted(self.scores, thresholds, side="right")

    def above(self, thresholds: ArrayLike) -> Float[np.ndarray, "*thresholds"]:
        """Returns the weight of the events that score above (not at) each threshold."""
        n_above = self.n_above(thresholds)
        return n_above.astype(float) if self.weights is None else self._highest[n_above]

    def share(self, thresholds: ArrayLike) -> Float[np.ndarray, "*thresholds"]:
        """Returns the share of the weight above each threshold."""
        return self.above(thresholds) / self.total

    def n_parents_above(self, threshold: float) -> int:
        """Returns how many parents the events above a threshold have; without parents, how many events these are."""
        n_above = int(self.n_above(threshold))
        if self.parents is None or n_above == 0:
            return n_above
        return len(np.unique(self.parents[-n_above:]))

    def threshold(self, weight: float) -> float:
        """Returns the lowest score with at most this weight above it and above every higher score."""
        if self.weights is None:
            return threshold_at_share(self.scores, weight / len(self.scores))
        most = np.maximum.accumulate(self.above(self.scores)[::-1])[::-1]
        return float(self.scores[np.argmax(most <= weight * (1 + _ROUNDING))])

    def unit(self, threshold: float) -> float:
        """Returns the weight that counts as one independent event above a threshold (see `unit`)."""
        if self.is_plain:
            return 1.0
        n_events = max(int(self.n_above(threshold)), min(_NEIGHBORS, len(self.scores)))
        highest = np.arange(len(self.scores)) >= len(self.scores) - n_events
        return unit(*(None if x is None else x[highest] for x in (self.weights, self.parents)), n=n_events)

    def n_effective_above(self, threshold: float) -> float:
        """Returns to how many independent events those above a threshold amount."""
        return float(self.above(threshold)) / self.unit(threshold)

    def is_few(self, threshold: float) -> bool:
        """Whether what is above a threshold amounts to fewer than ten independent events."""
        return self.n_effective_above(threshold) < FEWEST_BACKGROUND * (1 - _ROUNDING)

    def share_interval(self, threshold: float, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Returns the interval of the share above a fixed threshold (see `share_interval`)."""
        return share_interval(
            self.scores > threshold, weights=self.weights, parents=self.parents, confidence=confidence
        )

    @cached_property
    def _highest(self) -> Float[np.ndarray, " n_and_one"]:
        """The weight of the highest 0, 1, ... n events."""
        assert self.weights is not None  # noqa: S101 - asked for of weighted events only
        return np.concatenate([[0.0], np.cumsum(self.weights[::-1])])


def sample(
    scores: Scores, name: str, *, weights: Weights | None = None, groups: Groups | None = None
) -> Sample:
    """Returns a sample after a check of its scores, weights and parents.

    Args:
        scores: Scores, (n,).
        name: What an error calls them.
        weights: Weights of the events, (n,), of either sign; None for one each.
        groups: Parents of the events, (n,), integers that events of one collision share; None for independent events.

    Raises:
        InputError: If scores are empty, not one-dimensional or not finite, or weights or groups do not belong to them
            or the sum of the weights is not positive.
    """
    values = checked_scores(scores, name)
    if weights is None and groups is None:
        return Sample(np.sort(values))
    order = np.argsort(values, kind="stable")
    heavy = None if weights is None else checked_weights(weights, len(values), name)[order]
    parents = None if groups is None else numbered(checked_groups(groups, len(values), name))[order]
    return Sample(values[order], heavy, parents)


def numbered(groups: Groups) -> Groups:
    """Returns the parents as numbers from 0 on."""
    numbers: Groups = np.unique(groups, return_inverse=True)[1]
    return numbers


def unit(weights: Weights | None, parents: Groups | None, *, n: int) -> float:
    r"""Returns the weight that counts as one independent event.

    .. math:: \sum_g c_g^2 / \sum_g c_g

    where c is the weight of the events of one parent. A weight W of events varies as a Poisson number of W / unit
    events of this weight: for weights alone that is the effective number of Kish (Survey Sampling, 1965, 11.7), for
    parents alone the design effect of clusters.

    Args:
        weights: Weights of the events, (n,), or None for one each.
        parents: Numbers of their parents from 0 on, (n,), or None if no two share one.
        n: How many events there are.

    Raises:
        InputError: If the sum of the weights is not positive.
    """
    of_parents = by_parent(np.ones(n) if weights is None else weights, parents)
    total = float(of_parents.sum())
    if total <= 0:
        raise InputError(
            "The weights of the highest events cancel. Expected: a positive sum. "
            f"Received: {total:.3g} from {n} events."
        )
    return float(np.square(of_parents).sum()) / total


def share_interval(
    passed: Bool[np.ndarray, " n"] | Float[np.ndarray, " n"],
    *,
    weights: Weights | None,
    parents: Groups | None,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Returns the interval of a share of events: the exact binomial one of effective numbers.

    The effective number of events is that with the variance of the share in clusters of a parent (Korn and Graubard,
    Survey Methodology 24 (1998) 193); of independent events that count one each it is their number, and the interval
    is that of Clopper and Pearson (Biometrika 26 (1934) 404).

    Args:
        passed: Which events pass, (n,), or with which probability each is kept.
        weights: Weights of the events, (n,), or None for one each.
        parents: Numbers of their parents from 0 on, (n,), or None if no two share one.
        confidence: Confidence level.

    Raises:
        InputError: If weights of either sign give a share below 0 or above 1.
    """
    heavy = np.ones(len(passed)) if weights is None else weights
    total = float(heavy.sum())
    share = float(np.dot(heavy, passed)) / total
    if not -_ROUNDING <= share <= 1 + _ROUNDING:
        raise InputError(
            f"The weights of the events that pass cancel. Expected: a share between 0 and 1. Received: {share:.3g}."
        )
    is_plain = weights is None and parents is None and bool(np.isin(passed, (0, 1)).all())
    n_effective = _effective(passed, share, heavy, parents, is_plain=is_plain)
    low, high = binomial_interval(min(max(share, 0.0), 1.0) * n_effective, n_effective, confidence=confidence)
    return float(low), float(high)


def _effective(
    passed: Bool[np.ndarray, " n"] | Float[np.ndarray, " n"],
    share: float,
    weights: Weights,
    parents: Groups | None,
    *,
    is_plain: bool,
) -> float:
    if is_plain:
        return float(len(passed))
    deviations = by_parent(weights * (passed - share), parents)
    variance = float(np.square(deviations).sum())
    if share * (1 - share) < _ROUNDING or variance == 0:
        return float(weights.sum()) ** 2 / float(np.square(by_parent(weights, parents)).sum())
    return share * (1 - share) * float(weights.sum()) ** 2 / variance


def by_parent(weights: Weights, parents: Groups | None) -> Float[np.ndarray, " parents"]:
    """Returns the sum of the weights of each parent."""
    if parents is None:
        return weights
    sums: Float[np.ndarray, " parents"] = np.bincount(parents, weights)
    return sums


def checked_weights(weights: Weights, n_events: int, name: str) -> Weights:
    """Returns the weights as float64.

    Args:
        weights: Weights, (n,), of either sign.
        n_events: How many there have to be.
        name: What an error calls the sample.

    Raises:
        InputError: If there are others than that, one is not finite, or their sum is not positive.
    """
    values = np.asarray(weights, np.float64)
    if values.shape != (n_events,) or not np.isfinite(values).all() or values.sum() <= 0:
        raise InputError(
            f"Wrong weights of {name}. Expected: {n_events} finite numbers with a positive sum. "
            f"Received: shape {values.shape}, sum {values.sum():.3g}."
        )
    return values
