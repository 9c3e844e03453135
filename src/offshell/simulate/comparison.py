"""Observables and mean images by which two samples of jets are held against each other."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.images import ALIGNED, center, normalize, pixelate, relative

__all__ = ["ks_distance", "mean_image", "observables", "quantiles"]

# Fine enough that interpolation between them moves a Kolmogorov-Smirnov distance by less than 0.005.
PROBABILITIES = np.linspace(0, 1, 201)


def observables(jets: Float[np.ndarray, "n particles 4"]) -> dict[str, Float[np.ndarray, " n"]]:
    """Mass in GeV, number of constituents, pt in GeV and pt dispersion of each jet.

    The pt dispersion is ``sqrt(sum pt^2) / sum pt`` over the constituents (CMS, CMS-PAS-JME-13-002).

    Args:
        jets: ``E, px, py, pz`` in GeV, zero-padded.
    """
    total = jets.sum(axis=1, dtype=np.float64)
    pt = np.hypot(jets[..., 1], jets[..., 2], dtype=np.float64)
    mass2 = total[:, 0] ** 2 - np.sum(total[:, 1:] ** 2, axis=1)
    return {
        "mass": np.sqrt(np.maximum(mass2, 0)),
        "n_constituents": np.count_nonzero(jets[..., 0], axis=1).astype(float),
        "pt": np.hypot(total[:, 1], total[:, 2]),
        "pt_dispersion": np.sqrt(np.sum(pt**2, axis=1)) / np.sum(pt, axis=1),
    }


def mean_image(
    jets: Float[np.ndarray, "n particles 4"],
) -> tuple[Float[np.ndarray, "40 40"], Float[np.ndarray, "40 40"]]:
    """Mean of jet images about their pt-weighted centroid, and its standard error.

    Pixels of 0.029 x 0.035 in eta and phi; a jet's pt is one, whether it lies inside the image or not.

    Args:
        jets: ``E, px, py, pz`` in GeV, zero-padded.
    """
    total, total2 = np.zeros(ALIGNED.shape), np.zeros(ALIGNED.shape)
    for block in np.array_split(jets, -(-len(jets) // 2000)):
        pt, eta, phi = relative(block)
        images = pixelate(normalize(pt), *center(pt, eta, phi), grid=ALIGNED)[..., 0]
        total += images.sum(axis=0, dtype=np.float64)
        total2 += np.sum(images**2, axis=0, dtype=np.float64)
    mean = total / len(jets)
    return mean, np.sqrt(np.maximum(total2 / len(jets) - mean**2, 0) / len(jets))


def quantiles(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " probabilities"]:
    """A sample in short: its quantiles at every half per cent, as `ks_distance` takes them."""
    found: Float[np.ndarray, " probabilities"] = np.quantile(_spread(values), PROBABILITIES)
    return found


def ks_distance(
    values: Float[np.ndarray, " n"], reference_quantiles: Float[np.ndarray, " probabilities"]
) -> float:
    """Largest distance between two cumulative distributions (Kolmogorov-Smirnov).

    Args:
        values: A sample.
        reference_quantiles: What `quantiles` says of the other one.
    """
    ordered = np.sort(_spread(values))
    expected = np.interp(ordered, reference_quantiles, PROBABILITIES)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))


def _spread(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Whole numbers evenly over their interval, since both functions want values without ties."""
    if not np.array_equal(values, np.round(values)):
        return values
    return values + np.random.default_rng(0).uniform(-0.5, 0.5, len(values))
