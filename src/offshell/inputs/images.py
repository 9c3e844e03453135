"""Jet images: transverse momentum on a grid in eta (rows) and phi (columns).

Every step works on the constituents, pt, eta and phi of shape (n, particles), until `pixelate` makes the image;
padding is known by pt 0. So a step costs what a jet has constituents, not what its image has pixels. To crop and
normalize the constituents is the same as to crop and normalize the pixels, which are sums of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from offshell.errors import InputError
from offshell.inputs.alignment import center, flip, rotate
from offshell.inputs.constituents import PerParticle, checked, energies, normalize, relative

__all__ = [
    "ALIGNED",
    "PLAIN",
    "Grid",
    "aligned",
    "center",
    "crop",
    "flip",
    "normalize",
    "pixelate",
    "plain",
    "relative",
    "remap",
    "rotate",
]

Placement = Callable[[Float[np.ndarray, "n particles 4"]], tuple[PerParticle, PerParticle, PerParticle]]

_JETS_PER_BLOCK = 8192  # enough to find jets of like length
_JETS_PER_CHUNK = 256  # the temporary arrays of so many jets stay in the cache of a core


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Pixels around the origin: how many, and how large, each in eta and in phi (radians)."""

    shape: tuple[int, int]
    pixel: tuple[float, float]


ALIGNED = Grid(shape=(40, 40), pixel=(0.029, 0.035))
"""The grid of "QCD or What?" (Heimel, Kasieczka, Plehn, Thompson, arXiv:1808.08979)."""

PLAIN = Grid(shape=(16, 16), pixel=(0.1, 0.1))
"""The grid that holds a jet of R = 0.8."""


def aligned(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 40 40 1"]:
    """Returns images of centered, rotated, flipped and cropped jets, normalized to sum one.

    Turning the event about the beam, boosting it along the beam (massless constituents) and mirroring it in eta
    or phi leaves the image as it is. Steps as in "QCD or What?" (Heimel et al., arXiv:1808.08979).

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Returns:
        float32 images; all zero for a jet without constituents.

    Raises:
        InputError: If `jets` has another shape, holds NaN, infinite or negative energies, or looks like MeV.
    """
    return _drawn(checked(jets), _align, ALIGNED)


def plain(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 16 16 1"]:
    """Returns images relative to the jet axis within 0.8 in eta and phi, normalized to sum one.

    The pixels are those of `jetnet.utils.to_image(..., im_size=16, maxR=0.8)` divided by their sum.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Returns:
        float32 images; all zero for a jet without constituents.

    Raises:
        InputError: If `jets` has another shape, holds NaN, infinite or negative energies, or looks like MeV.
    """
    return _drawn(checked(jets), relative, PLAIN)


def _align(jets: Float[np.ndarray, "n particles 4"]) -> tuple[PerParticle, PerParticle, PerParticle]:
    pt, eta, phi = relative(jets)
    return pt, *flip(pt, *rotate(pt, *center(pt, eta, phi)))


def _drawn(
    jets: Float[np.ndarray, "n particles 4"], place: Placement, grid: Grid
) -> Float[np.ndarray, "n height width 1"]:
    images = np.zeros((len(jets), *grid.shape, 1), np.float32)
    for start in range(0, len(jets), _JETS_PER_BLOCK):
        block = slice(start, start + _JETS_PER_BLOCK)
        _draw(images[block], jets[block], place, grid)
    return images


def _draw(
    images: Float[np.ndarray, "n height width 1"],
    jets: Float[np.ndarray, "n particles 4"],
    place: Placement,
    grid: Grid,
) -> None:
    # Jets of like length together: four of five constituents are padding, which is cut off.
    n_used = jets.shape[1] - np.argmax(energies(jets)[:, ::-1] > 0, axis=1)
    order = np.argsort(n_used)
    for start in range(0, len(jets), _JETS_PER_CHUNK):
        rows = order[start : start + _JETS_PER_CHUNK]
        pt, eta, phi = place(jets[rows, : n_used[rows[-1]]].astype(np.float32, copy=False))
        _add(images, rows, normalize(crop(pt, eta, phi, grid=grid)), eta, phi, grid=grid)


def _add(
    images: Float[np.ndarray, "images height width 1"],
    rows: Int[np.ndarray, " n"],
    pt: PerParticle,
    eta: PerParticle,
    phi: PerParticle,
    *,
    grid: Grid,
) -> None:
    seen = np.flatnonzero(pt)
    row, column = (x.astype(np.intp) for x in _in_pixels(eta.ravel()[seen], phi.ravel()[seen], grid))
    image = rows[seen // pt.shape[1]]
    # Adding in place touches the pixels that are hit; a bincount would write all of them twice, in float64.
    np.add.at(images.reshape(-1), (image * grid.shape[0] + row) * grid.shape[1] + column, pt.ravel()[seen])


def crop(pt: PerParticle, eta: PerParticle, phi: PerParticle, *, grid: Grid) -> PerParticle:
    """Returns pt with 0 for what lies outside the grid.

    Args:
        pt: Transverse momenta; 0 for padding.
        eta: Pseudorapidities around 0.
        phi: Azimuths around 0 in radians.
        grid: The pixels, around 0.
    """
    (row, column), (height, width) = _in_pixels(eta, phi, grid), grid.shape
    return np.where((row >= 0) & (row < height) & (column >= 0) & (column < width), pt, 0)


def _in_pixels(eta: PerParticle, phi: PerParticle, grid: Grid) -> list[PerParticle]:
    return [x / size + n / 2 for x, size, n in zip((eta, phi), grid.pixel, grid.shape, strict=True)]


def pixelate(
    pt: PerParticle, eta: PerParticle, phi: PerParticle, *, grid: Grid
) -> Float[np.ndarray, "n height width 1"]:
    """Returns the sum of pt in each pixel, as float32; what lies outside the grid is left out.

    Args:
        pt: Transverse momenta; 0 for padding.
        eta: Pseudorapidities around 0: a pixel to each row.
        phi: Azimuths around 0 in radians: a pixel to each column.
        grid: The pixels, around 0.
    """
    images = np.zeros((len(pt), *grid.shape, 1), np.float32)
    _add(images, np.arange(len(pt)), crop(pt, eta, phi, grid=grid), eta, phi, grid=grid)
    return images


def remap(
    images: Float[np.ndarray, "n height width 1"], *, power: float = 1.0
) -> Float[np.ndarray, "n height width 1"]:
    """Returns the images with each pixel raised to a power, not normalized again.

    Powers below one lift the faint pixels: an autoencoder trained on them also sees the soft radiation
    (Finke et al., arXiv:2104.09051).

    Args:
        images: Pixels >= 0.
        power: Exponent above 0; 0.5 gives square-root pixels.

    Raises:
        InputError: If a pixel is negative or the power is not positive.
    """
    if not power > 0:
        raise InputError(
            f"power: no remapping of intensities. Expected: a number above 0. Received: {power}."
        )
    if images.size and not images.min() >= 0:
        raise InputError(f"images: no intensities. Expected: pixels >= 0. Received: {images.min():g}.")
    remapped = images**power
    # Denormal numbers slow every network down on a CPU.
    remapped[remapped < np.finfo(remapped.dtype).tiny] = 0
    return remapped
