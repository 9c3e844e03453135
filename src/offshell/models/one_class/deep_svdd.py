"""Deep SVDD: map the background near one point; anomalous is what lands far from it."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt

from offshell.errors import InputError
from offshell.models import terms
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.networks.dense import DenseSettings
from offshell.models.settings import DetectorSettings

__all__ = ["DeepSVDD", "DeepSVDDSettings"]

# The center stays this far from zero in each coordinate: all weights zero would map everything there.
_AWAY_FROM_ZERO = 0.1


@keras.saving.register_keras_serializable(package="offshell")
class DeepSVDD(Detector):
    r"""One-class deep support vector data description, with the term `distance`, $\lVert \phi(x) - c \rVert^2$.

    The center $c$ is the mean embedding of the background by the untrained network, fixed by the first `adapt`, and moved
    away from zero. A network with biases could map every event to $c$ and is refused. There is no reconstruction.
    Source: Ruff et al. (ICML 2018, PMLR 80, 4393).

    Args:
        encoder: network without biases from events to `(n, size)`, such as `networks.dense_encoder(..., bias=False)`.

    Raises:
        InputError: if the network has biases.
    """

    default_loss = "distance"

    def __init__(self, encoder: keras.Model, **options: Any) -> None:
        super().__init__(shape=encoder.input_shape[1:], **options)
        _check_has_no_bias(encoder)
        self.encoder = encoder
        size = encoder.output_shape[-1]
        self.center = self.add_weight(shape=(size,), initializer="zeros", trainable=False, name="center")

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Adapt the scaling and, the first time, take the center from background events of shape `(n, ...)`.

        Raises:
            InputError: if the network maps all of them to the same point.
        """
        super().adapt(x)
        if not np.any(self.center):
            embedded = self.encoder.predict(self.scaled(x), verbose=0)
            if not np.any(np.std(embedded, axis=0)):
                raise InputError(
                    "The network of a DeepSVDD has collapsed. Expected: embeddings that differ. Received: one point for all events."
                )
            self.center.assign(_away_from_zero(embedded.mean(axis=0)))

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        return {"distance": terms.mse(self.encoder(self.scaled(x), training=training), self.center)}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The embeddings of a batch of events relative to the center, `{"embedding": (n, size)}`."""
        return {"embedding": ops.subtract(self.encoder(self.scaled(x)), self.center)}

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "encoder": self.encoder}


def _check_has_no_bias(encoder: keras.Model) -> None:
    biases = [v.path for v in encoder.trainable_variables if v.name in ("bias", "beta")]
    if biases:
        raise InputError(
            "The network of a DeepSVDD has biases, with which it could map every event to the center. "
            f"Expected: bias=False. Received: {', '.join(biases)}."
        )


def _away_from_zero(center: Float[np.ndarray, " size"]) -> Float[np.ndarray, " size"]:
    return np.asarray(np.copysign(np.maximum(np.abs(center), _AWAY_FROM_ZERO), center))


class DeepSVDDSettings(DetectorSettings):
    """A `DeepSVDD`; the network has no biases."""

    kind: Literal["deep-svdd"] = "deep-svdd"
    size: PositiveInt = 8
    network: DenseSettings

    def detector(self, shape: Shape, *, seed: int) -> DeepSVDD:  # noqa: ARG002 - there is nothing to draw
        """The encoder of the network with a linear layer of that size at its end."""
        encoder = self.network.encoder(shape, size=self.size, bias=False)
        return DeepSVDD(encoder, scaling=self.scaling_of(shape))
