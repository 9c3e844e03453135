"""What detectors without gradients have in common: scikit-learn estimates them, Keras scores with them."""

from abc import abstractmethod
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.detector import Detector

__all__ = ["Baseline", "check_count"]

Features = Float[np.ndarray, "n features"]


class Baseline(Detector):
    """A detector with one term, estimated from background events in one go and evaluated as any network is.

    Abstract: subclasses define `default_loss` (the name of the term), `estimate` and `anomaly`. Only those are for
    scikit-learn; scores are computed with compiled Keras operations and equal scikit-learn's own.

    Args:
        shape: shape of one event, such as `(57,)`; images are taken as vectors of pixels.
        least: number of background events without which there is no estimate.
    """

    def __init__(self, *, shape: tuple[int, ...], least: int = 2, **options: Any) -> None:
        super().__init__(shape=shape, **options)
        self.least = least
        self.input_spec = keras.layers.InputSpec(shape=(None, *shape))

    @property
    def features(self) -> int:
        """How many numbers an event has."""
        return int(np.prod(self.shape))

    @abstractmethod
    def estimate(self, x: Features) -> None:
        """Set the weights from scaled background events of shape `(n, features)`."""

    @abstractmethod
    def anomaly(self, x: KerasTensor) -> KerasTensor:
        """The term of scaled events of shape `(n, features)`, shape `(n,)`."""

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Estimate the weights from background events of shape `(n, *shape)`.

        Raises:
            InputError: if there are too few events.
        """
        if len(x) < self.least:
            raise InputError(
                f"Too few events for {type(self).__name__}. Expected: at least {self.least}. Received: {len(x)}."
            )
        super().adapt(x)
        self.estimate(np.asarray(self.scaled(x), np.float32).reshape(len(x), -1))

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:  # noqa: ARG002 - Keras' signature
        """The term of a batch of events, shape `(n,)`."""
        return {self.default_loss: self.anomaly(ops.reshape(self.scaled(x), (-1, self.features)))}

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "shape": self.shape}


def check_count(name: str, count: int, *, least: int) -> None:
    """Refuse a number of things that is too small to make a detector of.

    Raises:
        InputError: if `count` is below `least`.
    """
    if count < least:
        raise InputError(f"{name} is too small. Expected: at least {least}. Received: {name}={count}.")
