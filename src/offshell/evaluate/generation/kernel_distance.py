"""The kernel physics distance: how far two samples lie apart in all moments up to the fourth."""

import numpy as np
from jaxtyping import Float
from scipy.stats import iqr
from threadpoolctl import threadpool_limits

from offshell.evaluate.generation.frechet import normalized

__all__ = ["kernel_physics_distance", "squared_discrepancy"]

_DEGREE = 4
_N_BATCHES = 10
_LARGEST_BATCH = 5000
_CENTRAL = (16.275, 83.725)  # percent, as jetnet has it

Features = Float[np.ndarray, "n features"]


def squared_discrepancy(first: Features, second: Features) -> float:
    r"""Returns the squared maximum mean discrepancy of two samples without bias, so that it may be negative.

    .. math:: k(x, y) = (x \cdot y / d + 1)^4

    with d features (Gretton et al., JMLR 13 (2012) 723, eq. 3; Kansal et al., arXiv:2211.10295).

    Args:
        first: Features of a sample, at least two events.
        second: The same of another.
    """
    between = _kernel(first, second).mean()
    return float(_mean_of_pairs(first) + _mean_of_pairs(second) - 2 * between)


def _kernel(first: Features, second: Features) -> Float[np.ndarray, "n m"]:
    kernel: Float[np.ndarray, "n m"] = (first @ second.T / first.shape[1] + 1) ** _DEGREE
    return kernel


def _mean_of_pairs(sample: Features) -> float:
    """The mean kernel of two different events."""
    kernel, n_events = _kernel(sample, sample), len(sample)
    return float((kernel.sum() - np.trace(kernel)) / (n_events * (n_events - 1)))


def kernel_physics_distance(
    real: Features, generated: Features, *, rng: np.random.Generator
) -> tuple[float, float]:
    """Returns the median squared discrepancy of ten batches of normalized features, and its error.

    A batch has 5000 events, as in `jetnet.evaluation.kpd` (Kansal et al., arXiv:2211.10295), or half of all if that is
    less. Other than there, no event comes twice in a batch: pairs of an event with itself would add what the estimator
    leaves out.

    Args:
        real: Features of real events, at least four.
        generated: Features of generated ones, at least four.
        rng: Draws the batches.

    Returns:
        The median, and half the range of the central 68 % of the batches.
    """
    real, generated = normalized(real, generated)
    size = min(_LARGEST_BATCH, len(real) // 2, len(generated) // 2)
    with threadpool_limits(1):  # on a busy machine two wait for one another
        batches = [
            squared_discrepancy(*(rng.choice(sample, size, replace=False) for sample in (real, generated)))
            for _ in range(_N_BATCHES)
        ]
    return float(np.median(batches)), float(iqr(batches, rng=_CENTRAL) / 2)
