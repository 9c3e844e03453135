"""Evidence of one block of scores that rate or distribution are not those of a reference any more."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.special import kolmogorov, xlogy
from scipy.stats import binomtest, kstwo

from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["CHARTS", "Comparison", "Reference", "band", "rate_evidence", "shape_evidence"]

CHARTS = ("rate up", "rate down", "shape")
"""The drifts for which evidence is collected."""

_RATIO = 1.25
"""Drift of the rate for which the likelihood ratio is written; from half of it on, evidence grows with each block."""

_SMALLEST_P = 1e-300


@dataclass(frozen=True)
class Comparison:
    """How a block differs from the reference.

    Attributes:
        rate_p_value: Probability of a count above the threshold at least as unlikely if both have one rate.
        shape_p_value: Probability of a distance between both distributions of scores at least as large if they are one (Kolmogorov
            and Smirnov, two samples); uniform while nothing drifts.
        log_evidence: For each of `CHARTS`, the logarithm of the evidence for this drift.
    """

    rate_p_value: float
    shape_p_value: float
    log_evidence: dict[str, float]


class Reference:
    """Scores of good data, and the tests of blocks of new ones against them.

    A finite reference is off by some amount in every block alike. Therefore, what adds up over blocks is tested
    against the end of an interval (95 % confidence) of the rate and the distribution that the reference estimates.

    Args:
        scores: Scores of the reference, (n,).
        threshold: The threshold whose rate is watched.
    """

    def __init__(self, scores: Float[np.ndarray, " n"], *, threshold: float) -> None:
        self._rising = np.sort(checked_scores(scores, "reference"))
        self._n_events, self._threshold = len(self._rising), threshold
        self._n_passed = self._n_events - int(np.searchsorted(self._rising, threshold, side="right"))
        self._bounds = binomial_interval(self._n_passed, self._n_events)

    def compare(self, scores: Float[np.ndarray, " m"]) -> Comparison:
        """Returns the tests of a block against the reference.

        Args:
            scores: Scores of the block, finite.
        """
        n_passed, n_events = int((scores > self._threshold).sum()), len(scores)
        distance = self._distance(scores)
        up, down = rate_evidence(n_passed, n_events, self._bounds)
        log_evidence = (up, down, shape_evidence(distance, n_events, n_reference=self._n_events))
        return Comparison(
            self._rate_p_value(n_passed, n_events),
            self._shape_p_value(distance, n_events),
            {name: float(of) for name, of in zip(CHARTS, log_evidence, strict=True)},
        )

    def _rate_p_value(self, n_passed: int, n_events: int) -> float:
        """The conditional test of two counts, exact for small rates (Przyborowski and Wilenski, Biometrika 31 (1940) 313)."""
        both = n_passed + self._n_passed
        return (
            float(binomtest(n_passed, both, n_events / (n_events + self._n_events)).pvalue) if both else 1.0
        )

    def _shape_p_value(self, distance: float, n_events: int) -> float:
        """Of two samples, with the distribution of one sample that knows as much as both; conservative for ties."""
        effective = n_events * self._n_events / (n_events + self._n_events)
        return float(np.clip(kstwo.sf(distance, max(round(effective), 1)), 0, 1))

    def _distance(self, scores: Float[np.ndarray, " m"]) -> float:
        """The largest distance of the two distribution functions."""
        values, n_equal = np.unique(scores, return_counts=True)
        up_to = np.cumsum(n_equal) / len(scores)
        under = up_to - n_equal / len(scores)
        expected_up_to, expected_under = (
            np.searchsorted(self._rising, values, side=side) / self._n_events for side in ("right", "left")
        )
        return float(max(np.abs(up_to - expected_up_to).max(), np.abs(under - expected_under).max()))


def band(n_reference: int) -> float:
    """Returns the distance within which a reference of so many events knows the distribution function, 95 % confidence.

    Of Dvoretzky, Kiefer and Wolfowitz with the constant of Massart (Ann. Prob. 18 (1990) 1269).
    """
    return float(np.sqrt(np.log(2 / (1 - CONFIDENCE)) / (2 * n_reference)))


def rate_evidence(
    n_passed: ArrayLike, n_events: int, bounds: tuple[ArrayLike, ArrayLike]
) -> tuple[Float[np.ndarray, "*n"], Float[np.ndarray, "*n"]]:
    """Returns the logarithms of the evidence that a rate rose above, and fell below, the interval of the reference.

    Args:
        n_passed: Events of a block above the threshold; a number or an array.
        n_events: Events of the block.
        bounds: The interval of the share above the threshold in the reference.
    """
    low, high = (np.asarray(bound, float) for bound in bounds)
    up = _log_ratio(n_passed, n_events, np.minimum(high * _RATIO, (1 + high) / 2), high)
    return up, _log_ratio(n_passed, n_events, low / _RATIO, low)


def shape_evidence(distance: ArrayLike, n_events: int, *, n_reference: int) -> Float[np.ndarray, "*n"]:
    """Returns the logarithm of the evidence that the distribution is none of those that the reference allows.

    It is 1 / (2 sqrt(p)) of a p-value (Vovk and Wang, Ann. Stat. 49 (2021) 1736), here that of the distance beyond the
    `band` in the asymptotic distribution of Kolmogorov (1933). That p-value is too large by what the reference may be off.

    Args:
        distance: Largest distance of the distribution functions of block and reference; a number or an array.
        n_events: Events of the block.
        n_reference: Events of the reference.
    """
    beyond = np.maximum(np.asarray(distance) - band(n_reference), 0.0)
    p_value = np.maximum(kolmogorov(np.sqrt(n_events) * beyond), _SMALLEST_P)
    evidence: Float[np.ndarray, "*n"] = -np.log(2) - np.log(p_value) / 2
    return evidence


def _log_ratio(
    n_passed: ArrayLike,
    n_events: int,
    drifted: Float[np.ndarray, "*n"],
    ordinary: Float[np.ndarray, "*n"],
) -> Float[np.ndarray, "*n"]:
    """The binomial likelihood ratio of two rates; zero where the ordinary rate is none, because then no rate is below it."""
    passed, known = np.asarray(n_passed), ordinary > 0
    ratio = np.where(known, drifted, 1.0) / np.where(known, ordinary, 1.0)
    failed = (n_events - passed) * (np.log1p(-drifted) - np.log1p(-ordinary))
    return np.where(known, xlogy(passed, ratio) + failed, 0.0)
