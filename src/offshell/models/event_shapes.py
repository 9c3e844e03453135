"""What the shape of an event says: a vector, an image or a cloud; networks are made for one of them."""

from offshell.errors import InputError

__all__ = [
    "N_COORDINATES",
    "CloudShape",
    "Shape",
    "cloud_shape",
    "image_shape",
    "is_cloud",
    "is_vector",
    "n_features",
]

Shape = tuple[int, ...]
"""Of one event."""

CloudShape = tuple[int, int]
"""Particles and columns of a cloud."""

N_COORDINATES = 3
"""Of a particle in a cloud: eta_rel, phi_rel and pt_rel, before jet_pt and the mask."""


def is_vector(shape: Shape) -> bool:
    """Whether an event is a row of features."""
    return len(shape) == 1


def is_cloud(shape: Shape) -> bool:
    """Whether an event is a set of particles."""
    return len(shape) == 2  # noqa: PLR2004 - particles and columns


def n_features(shape: Shape) -> int:
    """Of a vector.

    Raises:
        InputError: if events are no vectors.
    """
    _refuse_unless(shape, (1, "features", "(features,)"))
    return shape[0]


def image_shape(shape: Shape) -> tuple[int, int, int]:
    """Height, width and channels.

    Raises:
        InputError: if events are no images.
    """
    _refuse_unless(shape, (3, "images", "(height, width, channels)"))
    height, width, channels = shape
    return height, width, channels


def cloud_shape(shape: Shape) -> CloudShape:
    """Particles and columns.

    Raises:
        InputError: if events are no clouds.
    """
    _refuse_unless(shape, (2, "clouds", "(particles, columns)"))
    particles, columns = shape
    return particles, columns


def _refuse_unless(shape: Shape, wanted: tuple[int, str, str]) -> None:
    n_axes, what, expected = wanted
    if len(shape) != n_axes:
        raise InputError(
            f"The network or scaling is made for {what}. Expected: shape {expected}. Received: events of shape {shape}."
        )
