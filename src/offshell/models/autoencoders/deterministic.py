"""What the autoencoders without a random code share: one encoder, one decoder, and the terms that compare."""

from typing import Any

import keras
from keras import KerasTensor

from offshell.models import terms
from offshell.models.detector import Detector
from offshell.models.networks.normalized_output import sums_to_one

__all__ = ["Deterministic"]


class Deterministic(Detector):
    r"""An autoencoder $\hat x = \mathrm{decoder}(\mathrm{encoder}(x))$ with the terms `mse` and `l1`, for images also `bce`, `dice` and `pixel_diff`.

    Abstract: subclasses choose what keeps the network from copying its input: the size of the code, a loss, noise.

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, **options: Any) -> None:
        super().__init__(shape=encoder.input_shape[1:], **options)
        self.encoder, self.decoder = encoder, decoder

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events, each of shape `(n,)`."""
        x = self.scaled(x)
        return self.compare(x, self.encode(x, training=training), training=training)

    def encode(self, x: KerasTensor, *, training: bool = False) -> KerasTensor:
        """The codes of a batch of scaled events, shape `(n, size)`."""
        return self.encoder(x, training=training)

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        x_hat = self.decoder(code, training=training)
        compared = terms.reconstruction(x, x_hat, fixed_sum=sums_to_one(self.decoder))
        return {**compared, "l1": terms.l1(code)}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The codes of a batch of events, `{"bottleneck": (n, size)}`."""
        return {"bottleneck": self.encode(self.scaled(x))}

    def reconstruct(self, x: KerasTensor) -> KerasTensor:
        """The reconstructions of a batch of scaled events, of the same shape."""
        return self.decoder(self.encode(self.scaled(x)))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "encoder": self.encoder, "decoder": self.decoder}
