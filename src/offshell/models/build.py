"""From the settings of a recipe to a detector."""

import keras

from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.settings import DetectorSettings

__all__ = ["build"]


def build(model: DetectorSettings, shape: Shape, *, seed: int) -> Detector:
    """A detector for events of a shape, with fresh weights.

    Args:
        model: the table `[model]` of a recipe.
        shape: shape of one event: height, width and channels of an image, particles and columns of a cloud, or the
            number of features.
        seed: of the weights.

    Raises:
        InputError: if the network or the scaling is not made for events of that shape.
    """
    keras.utils.set_random_seed(seed)
    return model.detector(shape, seed=seed)
