"""The variational autoencoder."""

from typing import Any, Literal

import keras
from pydantic import PositiveInt

from offshell.models.autoencoders.bottlenecks import GaussianLatent
from offshell.models.autoencoders.variational import Bottlenecks, Variational
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["VAE", "VAESettings"]


@keras.saving.register_keras_serializable(package="offshell")
class VAE(Variational):
    r"""A variational autoencoder with a Gaussian latent space of the size that the decoder takes.

    Terms: `mse` (for images also `bce`, `dice`, `pixel_diff`), `kl_gaussian`, `mu2` and `radius`. A beta-VAE is a weight:
    `loss="mse + 0.8 * kl_gaussian"`. Source: Kingma and Welling (arXiv:1312.6114); as a trigger Govorkova et al.
    (arXiv:2108.03986).

    Args:
        encoder: network from events to features of shape `(n, features)`; the heads for mean and variance are added here.
        decoder: network from codes of shape `(n, size)` to events.
        bottlenecks: the latent space, `{"gaussian": GaussianLatent(size)}` if none is given.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        bottlenecks: Bottlenecks | None = None,
        **options: Any,
    ) -> None:
        found = bottlenecks or {"gaussian": GaussianLatent(decoder.input_shape[-1])}
        super().__init__(encoder, decoder, found, **options)


class VAESettings(DetectorSettings):
    """A `VAE`."""

    kind: Literal["vae"] = "vae"
    size: PositiveInt = 8
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> VAE:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a Gaussian code of that size."""
        encoder, decoder = self.network.encoder(shape), self.network.decoder(shape, self.size)
        return VAE(encoder, decoder, scaling=self.scaling_of(shape))
