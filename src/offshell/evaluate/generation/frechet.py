"""The Frechet physics distance: how far two samples lie apart, were both Gaussian."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import nnls
from threadpoolctl import threadpool_limits

__all__ = ["Gaussian", "frechet_distance", "frechet_physics_distance", "gaussian_distance", "normalized"]

_N_SIZES = 10
_N_BATCHES = 20
_SMALLEST_BATCH = 0.4  # of all jets: 20,000 of the 50,000 of the paper

Features = Float[np.ndarray, "n features"]


class Gaussian(NamedTuple):
    """What the distance knows of a sample."""

    mean: Float[np.ndarray, " features"]
    covariance: Float[np.ndarray, "features features"]

    @classmethod
    def of(cls, sample: Features) -> "Gaussian":
        """That of at least two events."""
        return cls(sample.mean(axis=0), np.atleast_2d(np.cov(sample, rowvar=False)))


def frechet_distance(first: Features, second: Features) -> float:
    """Returns the squared 2-Wasserstein distance of the Gaussians with the mean and covariance of two samples.

    Args:
        first: Features of a sample, at least two events.
        second: The same of another.
    """
    return gaussian_distance(Gaussian.of(first), Gaussian.of(second))


def gaussian_distance(first: Gaussian, second: Gaussian) -> float:
    r"""Returns the squared 2-Wasserstein distance of two Gaussians.

    .. math:: |\mu_1 - \mu_2|^2 + \mathrm{tr} (\Sigma_1 + \Sigma_2 - 2 (\Sigma_1 \Sigma_2)^{1/2})

    (Dowson and Landau, J. Multivar. Anal. 12 (1982) 450).
    """
    shift = first.mean - second.mean
    one, two = first.covariance, second.covariance
    # The product is not symmetric, but has the eigenvalues of R two R with the symmetric root R of one.
    root = _root(one)
    overlap = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)).sum()
    return float(shift @ shift + np.trace(one) + np.trace(two) - 2 * overlap)


def _root(covariance: Float[np.ndarray, "features features"]) -> Float[np.ndarray, "features features"]:
    values, vectors = np.linalg.eigh(covariance)
    root: Float[np.ndarray, "features features"] = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root


def frechet_physics_distance(
    real: Features, generated: Features, *, rng: np.random.Generator
) -> tuple[float, float]:
    """Returns the Frechet distance of normalized features for samples without end, and its error.

    Ten sizes of batches, from two fifths of all events to all of them and evenly in one over the size, are drawn with
    replacement 20 times each; a line through the mean distances, neither falling nor below zero, is followed to one over
    infinity (Kansal et al., arXiv:2211.10295; Chong and Forsyth, arXiv:1911.07023). For 50,000 events this is
    `jetnet.evaluation.fpd`. The batches repeat events, so that what the finite sample adds is not taken away in full:
    read it beside that of real events.

    Args:
        real: Features of real events.
        generated: Features of generated ones.
        rng: Draws the batches.

    Returns:
        The distance, and its bootstrap error: the standard deviation of the distances of batches of full size.
    """
    real, generated = normalized(real, generated)
    sizes = _sizes(min(len(real), len(generated)))
    # On a busy machine the threads of such small matrices wait for one another: 8 s for 400 events, 0.5 s with one.
    with threadpool_limits(1):
        distances = np.array(
            [[_of_batch(real, generated, size, rng) for _ in range(_N_BATCHES)] for size in sizes]
        )
    (intercept, _), _ = nnls(np.stack([np.ones(_N_SIZES), 1 / sizes], axis=1), distances.mean(axis=1))
    return float(intercept), float(distances[-1].std(ddof=1))


def normalized(real: Features, generated: Features) -> tuple[Features, Features]:
    """Returns both divided by the largest absolute value of each feature among the real events.

    Args:
        real: Features of real events; a feature that is always 0 stays as it is.
        generated: Features of generated ones.
    """
    largest = np.abs(real).max(axis=0)
    scale = np.where(largest > 0, largest, 1)
    return real / scale, generated / scale


def _sizes(n_events: int) -> Int[np.ndarray, " sizes"]:
    return (1 / np.linspace(1 / (_SMALLEST_BATCH * n_events), 1 / n_events, _N_SIZES)).astype(int)


def _of_batch(real: Features, generated: Features, size: int, rng: np.random.Generator) -> float:
    return frechet_distance(real[rng.choice(len(real), size)], generated[rng.choice(len(generated), size)])
