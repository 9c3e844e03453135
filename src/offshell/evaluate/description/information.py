"""Information measures of discrete distributions: entropy, cross entropy and divergences, in bits or nats.

Distributions are arrays of probabilities of the same outcomes; counts are normalized. `histograms` makes two of them
from samples, and the measures of histograms are the plug-in estimates of those of the samples.
"""

import numpy as np
from jaxtyping import Float
from scipy.special import rel_entr, xlogy
from scipy.stats import entropy as scipy_entropy

from offshell.errors import InputError
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.sample import Weights, checked_weights

__all__ = ["cross_entropy", "entropy", "histograms", "jeffreys", "jensen_shannon", "kl_divergence"]

Distribution = Float[np.ndarray, " outcomes"]


def entropy(p: Distribution, *, base: float = 2.0) -> float:
    r"""Returns the Shannon entropy (Bell Syst. Tech. J. 27 (1948) 379), zero for a certain outcome.

    .. math:: H(p) = -\sum_i p_i \log p_i

    Args:
        p: Probabilities or counts.
        base: Of the logarithm: 2 gives bits, e gives nats.

    Raises:
        InputError: If the numbers are no distribution, or the base is not above 1.

    Example:
        >>> entropy(np.array([0.5, 0.5]))
        1.0
    """
    return float(scipy_entropy(_distribution(p, "p"), base=_checked_base(base)))


def cross_entropy(p: Distribution, q: Distribution, *, base: float = 2.0) -> float:
    r"""Returns the mean length of messages about p in a code made for q: the entropy of p plus the divergence.

    .. math:: H(p, q) = -\sum_i p_i \log q_i

    Args:
        p: Probabilities or counts.
        q: The same for another distribution; where it is zero and p is not, the result is infinite.
        base: Of the logarithm: 2 gives bits, e gives nats.

    Raises:
        InputError: If the numbers are no distributions of the same outcomes, or the base is not above 1.
    """
    first, second = _pair(p, q)
    with np.errstate(divide="ignore"):
        return float(-xlogy(first, second).sum() / np.log(_checked_base(base)))


def kl_divergence(p: Distribution, q: Distribution, *, base: float = 2.0) -> float:
    r"""Returns the divergence of Kullback and Leibler (Ann. Math. Stat. 22 (1951) 79); it is not symmetric.

    .. math:: D(p \| q) = \sum_i p_i \log(p_i / q_i) = H(p, q) - H(p)

    Args:
        p: Probabilities or counts.
        q: The same for another distribution; where it is zero and p is not, the result is infinite.
        base: Of the logarithm: 2 gives bits, e gives nats.

    Raises:
        InputError: If the numbers are no distributions of the same outcomes, or the base is not above 1.
    """
    return float(rel_entr(*_pair(p, q)).sum() / np.log(_checked_base(base)))


def jensen_shannon(p: Distribution, q: Distribution, *, base: float = 2.0) -> float:
    r"""Returns the Jensen-Shannon divergence (Lin, IEEE Trans. Inf. Theory 37 (1991) 145), at most one bit.

    .. math:: \frac{D(p \| m) + D(q \| m)}{2}, \quad m = \frac{p + q}{2}

    Its square root is a metric. What some lectures call by this name, the symmetrized divergence without m, is
    `jeffreys`: it has no upper bound and is no metric.

    Args:
        p: Probabilities or counts.
        q: The same for another distribution.
        base: Of the logarithm: 2 gives bits, e gives nats.

    Raises:
        InputError: If the numbers are no distributions of the same outcomes, or the base is not above 1.

    Example:
        >>> jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
        1.0
    """
    first, second = _pair(p, q)
    mean = (first + second) / 2
    # Not that of scipy, which takes the root of what rounding may leave below zero.
    total = rel_entr(first, mean).sum() + rel_entr(second, mean).sum()
    return max(float(total / 2 / np.log(_checked_base(base))), 0.0)


def jeffreys(p: Distribution, q: Distribution, *, base: float = 2.0) -> float:
    r"""Returns half the divergence of Jeffreys (Proc. R. Soc. A 186 (1946) 453): that of Kullback and Leibler, symmetrized.

    .. math:: \frac{D(p \| q) + D(q \| p)}{2}

    Args:
        p: Probabilities or counts.
        q: The same for another distribution; an outcome that only one of them has makes the result infinite.
        base: Of the logarithm: 2 gives bits, e gives nats.

    Raises:
        InputError: If the numbers are no distributions of the same outcomes, or the base is not above 1.
    """
    return (kl_divergence(p, q, base=base) + kl_divergence(q, p, base=base)) / 2


def histograms(
    first: Float[np.ndarray, " n"],
    second: Float[np.ndarray, " m"],
    *,
    n_bins: int,
    weights: Weights | None = None,
    second_weights: Weights | None = None,
) -> tuple[Distribution, Distribution]:
    """Returns the shares of two samples in the same bins, each of which holds about as many events of both together.

    The measures of two such histograms are plug-in estimates. They miss differences within a bin, and noise makes two
    samples of one distribution differ: the mean of `kl_divergence` of n events from a known distribution is about
    (n_bins - 1) / (2 n) nats above the truth (Miller 1955). With ties there are fewer bins.

    Args:
        first: Numbers, for example the scores of a sample, (n,).
        second: The same of another sample, (m,).
        n_bins: Number of bins, at least two.
        weights: Weights of the first sample, of either sign; None for one each. Shares are of weights, bins still of numbers
            of events.
        second_weights: Weights of the second sample.

    Raises:
        InputError: If a sample is empty or not finite, weights do not belong to it, or there are fewer than two bins.
    """
    if n_bins < 2:  # noqa: PLR2004 - one bin holds everything
        raise InputError(f"Too few bins. Expected: n_bins of at least 2. Received: {n_bins}.")
    samples = checked_scores(first, "first"), checked_scores(second, "second")
    both = np.concatenate(samples)
    inner = np.unique(np.quantile(both, np.linspace(0, 1, n_bins + 1)[1:-1], method="inverted_cdf"))
    edges = inner[inner < both.max()]
    p, q = map(_shares, samples, (edges, edges), (weights, second_weights), ("first", "second"))
    return p, q


def _shares(
    values: Float[np.ndarray, " n"], edges: Float[np.ndarray, " edges"], weights: Weights | None, name: str
) -> Distribution:
    heavy = None if weights is None else checked_weights(weights, len(values), name)
    contents = np.bincount(np.searchsorted(edges, values), heavy, minlength=len(edges) + 1)
    shares: Distribution = contents / contents.sum()
    return shares


def _pair(p: Distribution, q: Distribution) -> tuple[Distribution, Distribution]:
    first, second = _distribution(p, "p"), _distribution(q, "q")
    if first.shape != second.shape:
        raise InputError(
            f"Distributions of different outcomes. Expected: as many in q as in p, {len(first)}. Received: {len(second)}."
        )
    return first, second


def _distribution(values: Distribution, name: str) -> Distribution:
    numbers = checked_scores(values, name)
    if (numbers < 0).any() or numbers.sum() == 0:
        raise InputError(
            f"{name} is no distribution. Expected: no negative numbers, and a positive sum. Received: smallest "
            f"{numbers.min():g}, sum {numbers.sum():g}."
        )
    shares: Distribution = numbers / numbers.sum()
    return shares


def _checked_base(base: float) -> float:
    if not 1 < base < np.inf:
        raise InputError(f"Wrong base of the logarithm. Expected: above 1. Received: base={base}.")
    return base
