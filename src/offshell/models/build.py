"""From the settings of a recipe to a detector."""

from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.seeded import seeded
from offshell.models.settings import DetectorSettings

__all__ = ["build"]


def build(model: DetectorSettings, shape: Shape, *, seed: int) -> Detector:
    """A detector for events of a shape, with fresh weights; the global random numbers of the caller stay as they are.

    Args:
        model: the table `[model]` of a recipe.
        shape: shape of one event: height, width and channels of an image, particles and columns of a cloud, or the
            number of features.
        seed: of the weights.

    Raises:
        InputError: if the network or the scaling is not made for events of that shape.
    """
    with seeded(seed):
        return model.detector(shape, seed=seed)
