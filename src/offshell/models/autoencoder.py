"""The autoencoder: compress an event through a bottleneck, expand it again, and see what was lost."""

from typing import Any

import keras
from keras import KerasTensor

from offshell.models import terms
from offshell.models.detector import Detector

__all__ = ["Autoencoder"]


@keras.saving.register_keras_serializable(package="offshell")
class Autoencoder(Detector):
    r"""A deterministic autoencoder, $\hat x = \mathrm{decoder}(\mathrm{encoder}(x))$.

    Terms: `mse`, for images also `bce`, `dice` and `pixel_diff`. Source for jets: Heimel, Kasieczka, Plehn and
    Thompson (arXiv:1808.08979); Farina, Nakai and Shih (arXiv:1808.08992).

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.

    Example:
        >>> from offshell.models import Autoencoder, networks
        >>> encoder = networks.dense_encoder(57, hidden=(32, 16), size=3)
        >>> model = Autoencoder(encoder, networks.dense_decoder(3, hidden=(16, 32), features=57))
    """

    default_loss = "mse"

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **options: Any) -> None:
        super().__init__(shape=encoder.input_shape[1:], **options)
        self.encoder, self.decoder = encoder, decoder

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        x = self.scaled(x)
        return terms.reconstruction(x, self.decoder(self.encoder(x, training=training), training=training))

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The codes of a batch of events, `{"bottleneck": (n, size)}`."""
        return {"bottleneck": self.encoder(self.scaled(x))}

    def reconstruct(self, x: KerasTensor) -> KerasTensor:
        """The reconstructions of a batch of scaled events, of the same shape."""
        return self.decoder(self.encoder(self.scaled(x)))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "encoder": self.encoder, "decoder": self.decoder}
