"""The Joint-VAE: Gaussian and categorical latent variables side by side."""

from typing import Any, Literal

import keras
from pydantic import Field, PositiveFloat, PositiveInt

from offshell.models.autoencoders.bottlenecks import CategoricalLatent, GaussianLatent
from offshell.models.autoencoders.variational import Bottlenecks, Variational
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["JointVAE", "JointVAESettings"]


@keras.saving.register_keras_serializable(package="offshell")
class JointVAE(Variational):
    r"""A variational autoencoder whose code joins Gaussian and categorical variables.

    Terms: those of the reconstruction (`mse`, for images also `bce`, `dice`, `pixel_diff`), `kl_gaussian`, `mu2` and
    `radius` of the Gaussian variables and `kl_categorical` of the others. Without Gaussian dimensions it is the categorical VAE,
    without categorical variables the VAE. Source: Dupont (arXiv:1804.00104); for jets Valente, Anzalone, Lorusso and
    Bonacorsi (Joint-VAE for anomaly detection, ISGC 2023).

    Args:
        encoder: network from events to features of shape `(n, features)`; the latent heads are added here.
        decoder: network from codes of shape `(n, gaussian + categorical * classes)` to events.
        gaussian: number of Gaussian dimensions.
        categorical: number of categorical variables.
        classes: number of classes of each categorical variable.
        temperature: temperature of the Gumbel-softmax.
        bottlenecks: the latent space; if none is given, one of these sizes.

    Raises:
        InputError: if the decoder does not take codes of that size, or the code is empty.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        gaussian: int = 32,
        categorical: int = 1,
        classes: int = 20,
        temperature: float = 0.67,
        bottlenecks: Bottlenecks | None = None,
        **options: Any,
    ) -> None:
        found = dict(bottlenecks or {})
        if gaussian:
            found.setdefault("gaussian", GaussianLatent(gaussian))
        if categorical:
            found.setdefault("categorical", CategoricalLatent(categorical, classes, temperature))
        super().__init__(encoder, decoder, found, **options)
        self.latent_space = {
            "gaussian": gaussian,
            "categorical": categorical,
            "classes": classes,
            "temperature": temperature,
        }

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), **self.latent_space}


class JointVAESettings(DetectorSettings):
    """A `JointVAE`."""

    kind: Literal["joint-vae"] = "joint-vae"
    gaussian: int = Field(default=32, ge=0)
    categorical: int = Field(default=1, ge=0)
    classes: PositiveInt = 20
    temperature: PositiveFloat = 0.67
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> JointVAE:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of these variables."""
        size = self.gaussian + self.categorical * self.classes
        encoder, decoder = self.network.encoder(shape), self.network.decoder(shape, size)
        return JointVAE(encoder, decoder, scaling=self.scaling_of(shape), **self.options)
