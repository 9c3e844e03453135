"""The normalized autoencoder: the reconstruction error becomes the energy of a probability density."""

import math
from typing import Any, Literal

import keras
from keras import KerasTensor, ops
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from offshell.models import terms
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.autoencoders.langevin import langevin
from offshell.models.event_shapes import Shape
from offshell.models.networks.dense import DenseSettings
from offshell.models.settings import DetectorSettings

__all__ = ["NormalizedAutoencoder", "NormalizedAutoencoderSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class NormalizedAutoencoder(Deterministic):
    r"""An autoencoder that is a density, $p(x) \propto e^{-E(x)}$ with the energy $E(x) = \lVert x - \hat x \rVert^2$.

    The gradient of $-\log p$ is that of $E(x) - E(x^-)$ with samples $x^-$ of the model, so that training raises the error
    wherever the network reconstructs well without having seen background. The code is normalized to the unit sphere.
    Samples begin there at random, follow a Langevin chain of $E(\mathrm{decoder}(z))$ (on-manifold initialization) and, once decoded,
    one of $E(x)$. Terms as for `Autoencoder`; training adds `negative_energy`, $E(x^-)$, and `negative_energy2`, its
    square, which bounds the loss: without it the energy of the samples would grow for ever. Source: Yoon, Noh and Park
    (arXiv:2105.05735); for jets Dillon, Favaro, Plehn, Sorrenson and Krämer (arXiv:2206.14225).

    Args:
        encoder: network from events to codes of shape `(n, size)` with size > 1.
        decoder: network from codes to events.
        steps: length of each of the two chains.
        step: factor of the gradient in each step.
        noise: standard deviation of the noise in each step.
    """

    default_loss = "mse - negative_energy + 0.01 * negative_energy2"

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        steps: int = 10,
        step: float = 0.1,
        noise: float = 0.05,
        **options: Any,
    ) -> None:
        super().__init__(encoder, decoder, **options)
        self.steps, self.step, self.noise = steps, step, noise
        self.seed_generator = keras.random.SeedGenerator()

    def encode(self, x: KerasTensor, *, training: bool = False) -> KerasTensor:
        """The codes of a batch of scaled events on the unit sphere, shape `(n, size)`."""
        return _on_sphere(self.encoder(x, training=training))

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        compared = super().compare(x, code, training=training)
        if training:
            energy = self.energy(ops.stop_gradient(self.sample(ops.shape(x)[0])))
            compared |= {"negative_energy": energy, "negative_energy2": ops.square(energy)}
        return compared

    def energy(self, x: KerasTensor) -> KerasTensor:
        """The reconstruction error of scaled events, shape `(n,)`."""
        return terms.mse(x, self.decoder(self.encode(x)))

    def sample(self, n: int) -> KerasTensor:
        """Events drawn from the model by two short chains, as they look after scaling, shape `(n, *shape)`."""
        code_size = self.decoder.input_shape[-1]
        # One draw for both chains: XLA takes seconds to compile each of them.
        size = code_size + math.prod(self.shape)
        drawn = keras.random.normal((self.steps + 1, n, size), seed=self.seed_generator)
        start, noise = _on_sphere(drawn[0, :, :code_size]), self.noise * drawn[1:]
        code = langevin(self._code_energy, start, noise[..., :code_size], step=self.step, project=_on_sphere)
        event_noise = ops.reshape(noise[..., code_size:], (self.steps, n, *self.shape))
        return langevin(self.energy, self.decoder(code), event_noise, step=self.step)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        chain = {"steps": self.steps, "step": self.step, "noise": self.noise}
        return {**super().get_config(), **chain}

    def _code_energy(self, code: KerasTensor) -> KerasTensor:
        return self.energy(self.decoder(code))


def _on_sphere(code: KerasTensor) -> KerasTensor:
    return code / ops.sqrt(ops.sum(ops.square(code), axis=1, keepdims=True) + 1e-12)


class NormalizedAutoencoderSettings(DetectorSettings):
    """A `NormalizedAutoencoder`."""

    kind: Literal["nae"] = "nae"
    size: int = Field(default=3, gt=1)
    steps: PositiveInt = 10
    step: PositiveFloat = 0.1
    noise: NonNegativeFloat = 0.05
    network: DenseSettings

    def detector(self, shape: Shape, *, seed: int) -> NormalizedAutoencoder:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of that size."""
        network = self.network
        return NormalizedAutoencoder(
            network.encoder(shape, size=self.size),
            network.decoder(shape, self.size),
            steps=self.steps,
            step=self.step,
            noise=self.noise,
            scaling=self.scaling_of(shape),
        )
