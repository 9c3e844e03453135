"""The autoencoder: compress an event through a bottleneck, expand it again, and see what was lost."""

from typing import Literal

import keras
from pydantic import PositiveInt

from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["Autoencoder", "AutoencoderSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Autoencoder(Deterministic):
    r"""A deterministic autoencoder, $\hat x = \mathrm{decoder}(\mathrm{encoder}(x))$.

    Terms: `mse`, for images also `bce`, `dice` and `pixel_diff`, and `l1` of the code. A sparse autoencoder is a weight:
    `loss="mse + 0.1 * l1"`, the negative logarithm of a Laplace prior. Source for jets: Heimel, Kasieczka, Plehn and
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


class AutoencoderSettings(DetectorSettings):
    """An `Autoencoder`; sparse with a loss such as "mse + 0.1 * l1"."""

    kind: Literal["autoencoder"] = "autoencoder"
    size: PositiveInt = 2
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> Autoencoder:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of that size."""
        network = self.network
        return Autoencoder(
            network.encoder(shape, size=self.size),
            network.decoder(shape, self.size),
            scaling=self.scaling_of(shape),
        )
