"""What the shape of an event says: a vector, an image or a cloud; networks are made for one of them."""

from offshell.errors import InputError

__all__ = ["Shape", "cloud_shape", "image_shape", "n_features"]

Shape = tuple[int, ...]
"""Of one event."""


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


def cloud_shape(shape: Shape) -> tuple[int, int]:
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
