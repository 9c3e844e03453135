"""How far two distributions of jets lie apart, feature by feature: the Wasserstein distance and its error."""

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import wasserstein_distance

__all__ = ["wasserstein"]

_N_RESAMPLES = 20  # the error is then known to a sixth

Features = Float[np.ndarray, "n numbers features"]
Weighted = tuple[Float[np.ndarray, " present"], Int[np.ndarray, " present"]]


def wasserstein(
    first: Features, second: Features, *, rng: np.random.Generator
) -> tuple[Float[np.ndarray, " features"], Float[np.ndarray, "resamples features"]]:
    r"""Returns the 1-Wasserstein distance of each feature, and those of samples drawn again from the same jets.

    .. math:: W_1 = \int |F(x) - G(x)| \, dx

    with the cumulative distributions F and G of all numbers, as `jetnet.evaluation.w1p` (Kansal et al.,
    arXiv:2106.11535) has it for one draw. Whole jets are drawn, since the particles of one are not independent. The
    standard deviation of the resampled distances is the bootstrap error; their mean is no estimate, because drawing
    again adds noise.

    Args:
        first: The features of some jets; `numbers` is 1, or as many as a jet has particles at most. NaN stands for a
            particle that a jet does not have.
        second: The same of other jets, of which there may be more or fewer.
        rng: Draws the jets.

    Returns:
        The distances, (features,), and 20 resampled ones of each, (20, features), in the units of the features.
    """
    value = _distances(first, second, np.ones(len(first), int), np.ones(len(second), int))
    resampled = [
        _distances(first, second, _drawn(first, rng), _drawn(second, rng)) for _ in range(_N_RESAMPLES)
    ]
    return value, np.stack(resampled)


def _drawn(jets: Features, rng: np.random.Generator) -> Int[np.ndarray, " n"]:
    """How often each jet is drawn when as many are drawn with replacement as there are."""
    return rng.multinomial(len(jets), np.full(len(jets), 1 / len(jets)))


def _distances(
    first: Features,
    second: Features,
    first_counts: Int[np.ndarray, " n"],
    second_counts: Int[np.ndarray, " m"],
) -> Float[np.ndarray, " features"]:
    pairs = zip(np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0), strict=True)
    return np.array([_distance(_flat(u, first_counts), _flat(v, second_counts)) for u, v in pairs])


def _distance(first: Weighted, second: Weighted) -> float:
    (u, u_weights), (v, v_weights) = first, second
    return float(wasserstein_distance(u, v, u_weights, v_weights))


def _flat(values: Float[np.ndarray, "n numbers"], counts: Int[np.ndarray, " n"]) -> Weighted:
    """The numbers that are there, and the weight of each."""
    present = ~np.isnan(values)
    return values[present], np.broadcast_to(counts[:, np.newaxis], values.shape)[present]
