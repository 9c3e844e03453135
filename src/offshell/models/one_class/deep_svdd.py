"""Deep SVDD: map the background near one point; anomalous is what lands far from it."""

import math
from collections.abc import Callable
from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt

from offshell.errors import InputError
from offshell.models import terms
from offshell.models.autoencoders.autoencoder import Autoencoder
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.networks.dense import DenseSettings
from offshell.models.one_class.effective_rank import warn_if_collapsed
from offshell.models.settings import DetectorSettings

__all__ = ["DeepSVDD", "DeepSVDDSettings"]

# The center stays this far from zero in each coordinate: all weights zero would map everything there.
_AWAY_FROM_ZERO = 0.1
# In units of the mean variance of an embedding: keeps coordinates that never vary from dividing by zero.
_RIDGE = 1e-3


@keras.saving.register_keras_serializable(package="offshell")
class DeepSVDD(Detector):
    r"""One-class deep support vector data description, with the term `distance`, $\lVert \phi(x) - c \rVert^2$.

    With a decoder, `offshell.fit` first trains encoder and decoder as an autoencoder. The center $c$ is the mean embedding of
    the background by the network as it is then, fixed by the first `adapt`, and moved away from zero. A network with biases could
    map every event to $c$ and is refused. There is no reconstruction. Source: Ruff et al. (ICML 2018, PMLR 80, 4393).

    Without biases, too, the distance can be made as small as one likes by forgetting what tells events apart. So epochs are compared by
    the training term `quality`, the same for each event of a batch: the mean distance in units of that before training, plus the share
    of the variance of the scaled events that the best linear map of their embeddings does not restore. Ours.

    Args:
        encoder: network without biases from events to `(n, size)`, such as `networks.dense_encoder(..., bias=False)`.
        decoder: network from embeddings to events, for training before the training; neither kept nor saved.

    Raises:
        InputError: if the network has biases.
    """

    default_loss = "distance"
    validated_by = "quality"

    def __init__(self, encoder: keras.Model, *, decoder: keras.Model | None = None, **options: Any) -> None:
        super().__init__(shape=encoder.input_shape[1:], **options)
        _check_has_no_bias(encoder)
        self.encoder = encoder
        size = encoder.output_shape[-1]
        fixed = {"initializer": "zeros", "trainable": False}
        self.center = self.add_weight(shape=(size,), name="center", **fixed)
        self.start = self.add_weight(shape=(), name="start", **fixed)
        # As a function, because Keras would count the weights of the decoder as the detector's.
        self._autoencoder: Callable[[], Autoencoder] | None = (
            (lambda: Autoencoder(encoder, decoder, scaling=self.scaling)) if decoder else None
        )

    def pretraining(self) -> Autoencoder | None:
        """Encoder and decoder, unless the center stands already or there is no decoder."""
        return self._autoencoder() if self._autoencoder and not np.any(self.center) else None

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
            self.start.assign(np.square(embedded - np.asarray(self.center)).sum(axis=1).mean())

    def conclude(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Warn if embeddings of background events of shape `(n, ...)` have collapsed."""
        x = np.asarray(self.scaled(x))
        warn_if_collapsed(self.encoder.predict(x, verbose=0), x, detector="DeepSVDD")

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        x = self.scaled(x)
        embedded = self.encoder(x, training=training)
        distance = terms.mse(embedded, self.center)
        if not training:
            return {"distance": distance}
        quality = ops.mean(distance) / ops.maximum(self.start, 1e-12) + _forgotten(x, embedded)
        return {"distance": distance, "quality": ops.broadcast_to(quality, ops.shape(distance))}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The embeddings of a batch of events relative to the center, `{"embedding": (n, size)}`."""
        return {"embedding": ops.subtract(self.encoder(self.scaled(x)), self.center)}

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "encoder": self.encoder}


def _forgotten(x: KerasTensor, embedded: KerasTensor) -> KerasTensor:
    """The share of the variance of a batch of events that no linear map of their embeddings restores."""
    x, z = (
        ops.reshape(values - ops.mean(values, axis=0), (-1, math.prod(values.shape[1:])))
        for values in (x, embedded)
    )
    squares = ops.matmul(ops.transpose(z), z)
    ridge = _RIDGE * ops.trace(squares) / squares.shape[0] + 1e-12
    weights = ops.solve(squares + ridge * ops.eye(squares.shape[0]), ops.matmul(ops.transpose(z), x))
    return ops.sum(ops.square(x - ops.matmul(z, weights))) / (ops.sum(ops.square(x)) + 1e-12)


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
    """A `DeepSVDD`, trained as an autoencoder before; the encoder of the network has no biases, the decoder has."""

    kind: Literal["deep-svdd"] = "deep-svdd"
    size: PositiveInt = 32
    network: DenseSettings

    def detector(self, shape: Shape, *, seed: int) -> DeepSVDD:  # noqa: ARG002 - there is nothing to draw
        """The encoder of the network with a linear layer of that size at its end, and the decoder."""
        encoder = self.network.encoder(shape, size=self.size, bias=False)
        return DeepSVDD(
            encoder, decoder=self.network.decoder(shape, self.size), scaling=self.scaling_of(shape)
        )
