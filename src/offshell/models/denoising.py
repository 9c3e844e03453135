"""The denoising autoencoder: restore an event from a corrupted copy of it."""

from typing import Any

import keras
from keras import KerasTensor

from offshell.models.corruption import Corruption
from offshell.models.deterministic import Deterministic

__all__ = ["DenoisingAutoencoder"]


@keras.saving.register_keras_serializable(package="offshell")
class DenoisingAutoencoder(Deterministic):
    r"""An autoencoder that sees corrupted events $\tilde x$ in training and is compared with the clean ones.

    Loss $\lVert x - \mathrm{decoder}(\mathrm{encoder}(\tilde x)) \rVert^2$: copying the input would copy the noise, so that the
    code may be larger than the event. Scores come from clean events. Terms as for `Autoencoder`. Source: Vincent,
    Larochelle, Bengio and Manzagol (ICML 2008).

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.
        corruption: what is done to the events in training, after scaling.
    """

    default_loss = "mse"

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, *, corruption: Corruption, **options: Any
    ) -> None:
        super().__init__(encoder, decoder, **options)
        self.corruption = corruption

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        x = self.scaled(x)
        corrupted = self.corruption(x, training=training)
        return self.compare(x, self.encode(corrupted, training=training), training=training)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "corruption": self.corruption}
