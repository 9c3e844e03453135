"""Evidence of one block of scores that rate or distribution are not those of a reference any more."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import kolmogorov, xlogy
from scipy.stats import binomtest

from offshell.evaluate.separation.intervals import CONFIDENCE, binomial_interval
from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["CHARTS", "Comparison", "Reference"]

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
        shape_p_value: Kolmogorov-Smirnov p-value of the scores, too large by what the reference may be off.
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
        low, high = binomial_interval(self._n_passed, self._n_events)
        self._lowest, self._highest = float(low), float(high)
        # Dvoretzky, Kiefer and Wolfowitz with the constant of Massart (Ann. Prob. 18 (1990) 1269).
        self._distance = np.sqrt(np.log(2 / (1 - CONFIDENCE)) / (2 * self._n_events))

    def compare(self, scores: Float[np.ndarray, " m"]) -> Comparison:
        """Returns the tests of a block against the reference.

        Args:
            scores: Scores of the block, finite.
        """
        n_passed, n_events = int((scores > self._threshold).sum()), len(scores)
        shape_p_value = self._shape_p_value(scores)
        log_evidence = (
            _log_ratio(
                n_passed, n_events, min(self._highest * _RATIO, (1 + self._highest) / 2), self._highest
            ),
            _log_ratio(n_passed, n_events, self._lowest / _RATIO, self._lowest),
            _calibrated(shape_p_value),
        )
        return Comparison(
            self._rate_p_value(n_passed, n_events),
            shape_p_value,
            dict(zip(CHARTS, log_evidence, strict=True)),
        )

    def _rate_p_value(self, n_passed: int, n_events: int) -> float:
        """The conditional test of two counts, exact for small rates (Przyborowski and Wilenski, Biometrika 31 (1940) 313)."""
        both = n_passed + self._n_passed
        return (
            float(binomtest(n_passed, both, n_events / (n_events + self._n_events)).pvalue) if both else 1.0
        )

    def _shape_p_value(self, scores: Float[np.ndarray, " m"]) -> float:
        """Of the largest distance of the two distribution functions, less the one within which the reference is known.

        In the asymptotic distribution of Kolmogorov (1933), which is conservative for ties.
        """
        values, n_equal = np.unique(scores, return_counts=True)
        up_to = np.cumsum(n_equal) / len(scores)
        under = up_to - n_equal / len(scores)
        expected_up_to, expected_under = (
            np.searchsorted(self._rising, values, side=side) / self._n_events for side in ("right", "left")
        )
        distance = max(np.abs(up_to - expected_up_to).max(), np.abs(under - expected_under).max())
        return float(kolmogorov(np.sqrt(len(scores)) * max(distance - self._distance, 0.0)))


def _calibrated(p_value: float) -> float:
    """The logarithm of the evidence 1 / (2 sqrt(p)) of a p-value (Vovk and Wang, Ann. Stat. 49 (2021) 1736)."""
    return float(-np.log(2) - np.log(max(p_value, _SMALLEST_P)) / 2)


def _log_ratio(n_passed: int, n_events: int, drifted: float, ordinary: float) -> float:
    """The binomial likelihood ratio of two rates; zero where the ordinary rate is none, because then no rate is below it."""
    if ordinary <= 0:
        return 0.0
    n_failed = n_events - n_passed
    return float(xlogy(n_passed, drifted / ordinary) + n_failed * (np.log1p(-drifted) - np.log1p(-ordinary)))
