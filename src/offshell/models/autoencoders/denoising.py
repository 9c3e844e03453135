"""The denoising autoencoder: restore an event from a corrupted copy of it."""

from typing import Any, Literal

import keras
from keras import KerasTensor
from pydantic import Field, NonNegativeFloat, PositiveInt

from offshell.models import terms
from offshell.models.autoencoders.corruption import Corruption, corruption_of
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["DenoisingAutoencoder", "DenoisingAutoencoderSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class DenoisingAutoencoder(Deterministic):
    r"""An autoencoder that learns to restore the clean event $x$ from a corrupted one, $\tilde x$.

    Training adds the term `restoration`, $\lVert x - \mathrm{decoder}(\mathrm{encoder}(\tilde x)) \rVert^2$: copying the input
    would copy the noise, so that the code may be larger than the event. All other terms are those of `Autoencoder`, of
    clean events. Source: Vincent, Larochelle, Bengio and Manzagol (ICML 2008).

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.
        corruption: what is done to the events in training, after scaling.
    """

    default_loss = "restoration"

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, *, corruption: Corruption, **options: Any
    ) -> None:
        super().__init__(encoder, decoder, **options)
        self.corruption = corruption

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        compared = super().compare(x, code, training=training)
        if training:
            corrupted = self.encode(self.corruption(x, training=True), training=True)
            compared["restoration"] = terms.mse(x, self.decoder(corrupted, training=True))
        return compared

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "corruption": self.corruption}


class DenoisingAutoencoderSettings(DetectorSettings):
    """A `DenoisingAutoencoder`."""

    kind: Literal["denoising"] = "denoising"
    size: PositiveInt = 3
    noise: NonNegativeFloat = 0.1
    masking: float = Field(default=0.1, ge=0, lt=1)
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> DenoisingAutoencoder:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of that size."""
        network, scaling = self.network, self.scaling_of(shape)
        return DenoisingAutoencoder(
            network.encoder(shape, size=self.size),
            network.decoder(shape, self.size),
            corruption=corruption_of(shape, scaling, noise=self.noise, masking=self.masking),
            scaling=scaling,
        )
