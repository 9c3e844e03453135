"""In how many dimensions are embeddings spread? One that has collapsed tells no events apart."""

import warnings

import numpy as np
from jaxtyping import Float

from offshell.errors import CollapseWarning

__all__ = ["effective_rank", "warn_if_collapsed"]

_LEAST_SHARE = 0.1


def effective_rank(values: Float[np.ndarray, "n size"]) -> float:
    r"""In how many dimensions vectors are spread, $e^H$ with the entropy $H$ of the shares of the variance along its axes.

    Source: Roy and Vetterli (EUSIPCO 2007, 606).

    Args:
        values: vectors of shape `(n, size)`, at least two of them.

    Returns:
        From 1 (all along one line; also for no spread at all) to `size`.
    """
    variances = np.linalg.eigvalsh(np.atleast_2d(np.cov(values, rowvar=False)))
    positive = variances[variances > 0]
    shares = positive / positive.sum()
    return float(np.exp(-np.sum(shares * np.log(shares))))


def warn_if_collapsed(
    embedded: Float[np.ndarray, "n size"], x: Float[np.ndarray, "n ..."], *, detector: str
) -> None:
    """Warns if background events are spread in hardly more than one dimension, and in a tenth of those that there could be.

    Args:
        embedded: embeddings of background events, `(n, size)`.
        x: the events, as the network sees them; in more dimensions than theirs no embedding is spread far.
        detector: the name of the one that the embedding belongs to.
    """
    rank, size = effective_rank(embedded), embedded.shape[1]
    possible = min(size, effective_rank(np.reshape(x, (len(x), -1))))
    if possible > 1 and rank < 1 + _LEAST_SHARE * possible:
        warnings.warn(
            f"The embedding of a {detector} has collapsed: background events are spread in {rank:.1f} of its {size} "
            "dimensions. Try fewer epochs, a lower learning_rate or more hidden units.",
            CollapseWarning,
            stacklevel=3,
        )
