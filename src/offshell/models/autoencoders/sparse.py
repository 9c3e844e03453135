"""The sparse autoencoder: as many units as one likes, but each is rarely active."""

from typing import Any, Literal

import keras
from keras import KerasTensor, ops
from pydantic import Field, PositiveInt

from offshell.models import terms
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["SparseAutoencoder", "SparseAutoencoderSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class SparseAutoencoder(Deterministic):
    r"""An autoencoder whose code $a = \mathrm{sigmoid}(\mathrm{encoder}(x))$ is kept near a small activity $\rho$.

    Terms: those of the reconstruction, `l1` of the code and `kl_activity`,
    $\sum_j \rho \log(\rho / a_j) + (1 - \rho) \log((1 - \rho) / (1 - a_j))$ of each event. Training adds `kl_sparsity`, the
    same of the mean activities over the batch: each unit may be active, but not often. With it the code may have more
    units than the event has features. Source: Lee, Ekanadham and Ng (NeurIPS 2007); Ng (CS294A lecture notes, 2011).

    Args:
        encoder: network from events to `(n, size)`, linear at the end; the sigmoid is added here.
        decoder: network from codes in [0, 1] to events.
        activity: mean activity of each unit, $\rho$.
    """

    default_loss = "mse + kl_sparsity"

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, *, activity: float = 0.05, **options: Any
    ) -> None:
        super().__init__(encoder, decoder, **options)
        self.activity = activity

    def encode(self, x: KerasTensor, *, training: bool = False) -> KerasTensor:
        """The activities of a batch of scaled events, shape `(n, size)`, in [0, 1]."""
        return ops.sigmoid(self.encoder(x, training=training))

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        compared = super().compare(x, code, training=training)
        compared["kl_activity"] = terms.kl_activity(code, self.activity)
        if training:
            mean = ops.broadcast_to(ops.mean(code, axis=0, keepdims=True), ops.shape(code))
            compared["kl_sparsity"] = terms.kl_activity(mean, self.activity)
        return compared

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "activity": self.activity}


class SparseAutoencoderSettings(DetectorSettings):
    """A `SparseAutoencoder`."""

    kind: Literal["sparse"] = "sparse"
    size: PositiveInt = 64
    activity: float = Field(default=0.05, gt=0, lt=1)
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> SparseAutoencoder:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of that size."""
        network = self.network
        return SparseAutoencoder(
            network.encoder(shape, size=self.size),
            network.decoder(shape, self.size),
            activity=self.activity,
            scaling=self.scaling_of(shape),
        )
