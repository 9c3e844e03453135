"""Observables and mean images by which two samples of jets are held against each other."""

import numpy as np
from jaxtyping import Float
from scipy.stats import kstest

from offshell.inputs import substructure
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
    share = normalize(np.hypot(jets[..., 1], jets[..., 2], dtype=np.float64))
    return {
        "mass": substructure.mass(jets),
        "n_constituents": substructure.n_constituents(jets).astype(float),
        "pt": substructure.pt(jets),
        "pt_dispersion": np.sqrt(np.vecdot(share, share)),
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
    compared = kstest(
        _spread(values), lambda x: np.interp(x, reference_quantiles, PROBABILITIES), method="asymp"
    )
    return float(compared.statistic)


def _spread(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Whole numbers evenly over their interval, since both functions want values without ties."""
    if not np.array_equal(values, np.round(values)):
        return values
    return values + np.random.default_rng(0).uniform(-0.5, 0.5, len(values))
