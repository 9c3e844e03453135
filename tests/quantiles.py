"""A reference sample in short, and the distance of another sample from it."""

import numpy as np
from scipy.stats import kstest

# Fine enough that interpolation between them moves a Kolmogorov-Smirnov distance by less than 0.005.
PROBABILITIES = np.linspace(0, 1, 201)


def quantiles(values):
    """The quantiles of a sample at every half per cent, as `ks_distance` takes them."""
    return np.quantile(spread(values), PROBABILITIES)


def ks_distance(values, reference_quantiles):
    """Largest distance between two cumulative distributions (Kolmogorov-Smirnov)."""
    expected = lambda x: np.interp(x, reference_quantiles, PROBABILITIES)
    return kstest(spread(values), expected, method="asymp").statistic


def spread(values):
    """Whole numbers evenly over their interval, since both functions want values without ties."""
    if not np.array_equal(values, np.round(values)):
        return values
    return values + np.random.default_rng(0).uniform(-0.5, 0.5, len(values))
