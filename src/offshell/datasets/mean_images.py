"""Mean images of jets, and how far two of them are apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs.images import ALIGNED, center, normalize, pixelate, relative

__all__ = ["ImageDifference", "MeanImage", "image_difference", "image_pulls", "mean_image"]

_BRIGHT = 3e-4  # mean share of pt from where on the error of a pixel is known
_JETS_AT_ONCE = 2000


class ImageDifference(TypedDict):
    """Of two mean images, over the pixels with more than 3e-4 of the pt.

    Neighboring pixels go together, so that between samples of one distribution the mean square pull is 0.8 to 1.2.
    """

    n_pixels: int
    mean_square_pull: float | None
    """None if no pixel is so bright."""
    half_sum: float
    """Half the sum of all differences: the part of the pt that lies elsewhere."""


@dataclass(frozen=True)
class MeanImage:
    """The mean of the images of `n_jets` jets, and its standard error."""

    mean: Float[np.ndarray, "40 40"]
    error: Float[np.ndarray, "40 40"]
    n_jets: int


def mean_image(batches: Iterable[Float[np.ndarray, "n particles 4"]]) -> MeanImage:
    """Returns the mean of jet images about their pt-weighted centroid.

    Pixels of 0.029 x 0.035 in eta and phi; a jet's pt is one, whether it lies inside the image or not.

    Args:
        batches: Jets, `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If there are no jets, or they hold impossible numbers.
    """
    total, total2, n_jets = np.zeros(ALIGNED.shape), np.zeros(ALIGNED.shape), 0
    for block in _blocks(batches):
        images = _centered(block)
        total += images.sum(axis=0, dtype=np.float64)
        total2 += np.sum(images**2, axis=0, dtype=np.float64)
        n_jets += len(block)
    if n_jets == 0:
        raise InputError("No jets. Expected: at least one. Received: 0.")
    mean = total / n_jets
    return MeanImage(mean, np.sqrt(np.maximum(total2 / n_jets - mean**2, 0) / n_jets), n_jets)


def image_pulls(first: MeanImage, second: MeanImage) -> Float[np.ndarray, "40 40"]:
    """Returns second minus first over the standard error of that, zero where no jet has a pixel.

    The error is that of the larger sample, for both sizes: a small sample's own is low where its pixels are low.
    """
    larger = max(first, second, key=lambda image: image.n_jets)
    error = larger.error * np.sqrt(larger.n_jets / first.n_jets + larger.n_jets / second.n_jets)
    pulls: Float[np.ndarray, "40 40"] = np.divide(
        second.mean - first.mean, error, out=np.zeros_like(error), where=error > 0
    )
    return pulls


def image_difference(first: MeanImage, second: MeanImage) -> ImageDifference:
    """Returns how far two mean images are apart, bright pixels being those of the first."""
    bright = first.mean > _BRIGHT
    pulls = image_pulls(first, second)[bright]
    return {
        "n_pixels": int(np.count_nonzero(bright)),
        "mean_square_pull": float(np.mean(pulls**2)) if len(pulls) else None,
        "half_sum": float(np.abs(second.mean - first.mean).sum() / 2),
    }


def _blocks(
    batches: Iterable[Float[np.ndarray, "n particles 4"]],
) -> Iterable[Float[np.ndarray, "m particles 4"]]:
    for batch in batches:
        for start in range(0, len(batch), _JETS_AT_ONCE):
            yield batch[start : start + _JETS_AT_ONCE]


def _centered(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 40 40"]:
    pt, eta, phi = relative(jets)
    return pixelate(normalize(pt), *center(pt, eta, phi), grid=ALIGNED)[..., 0]
