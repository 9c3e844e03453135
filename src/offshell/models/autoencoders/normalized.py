"""The normalized autoencoder: the reconstruction error becomes the energy of a probability density."""

import math
import warnings
from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from offshell.errors import CollapseWarning
from offshell.models import terms
from offshell.models.autoencoders.autoencoder import Autoencoder
from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.autoencoders.langevin import langevin
from offshell.models.event_shapes import Shape
from offshell.models.networks.dense import DenseSettings
from offshell.models.settings import DetectorSettings

__all__ = ["NormalizedAutoencoder", "NormalizedAutoencoderSettings"]

# Of what the weights are moved without samples: these change with every step, and the network has to follow them.
_SLOWER = 0.1
# Of the running means of energies: some ten batches.
_MEMORY = 0.9
_FAR_APART = 4.0


@keras.saving.register_keras_serializable(package="offshell")
class NormalizedAutoencoder(Deterministic):
    r"""An autoencoder that is a density, $p(x) \propto e^{-E(x)}$ with the energy $E(x) = \lVert x - \hat x \rVert^2$.

    The gradient of $-\log p$ is that of $E(x) - E(x^-)$ with samples $x^-$ of the model, so that training raises the error
    wherever the network reconstructs well without having seen background. The code is normalized to the unit sphere.
    Samples begin there at the codes of the background, follow a Langevin chain of $E(\mathrm{decoder}(z))$ (on-manifold
    initialization) and, once decoded, one of $E(x)$. Source: Yoon, Noh and Park (arXiv:2105.05735); for jets Dillon, Favaro,
    Plehn, Sorrenson and Krämer (arXiv:2206.14225).

    `offshell.fit` trains the autoencoder with its error alone first, as both papers do, and then with the samples, in steps a
    tenth as long. Terms as for `Autoencoder`; training adds three, the last two of which are the same for each event of a batch:

    * `negative_energy`, $E(x^-)$;
    * `shortfall`, $\max(0, \langle E(x) \rangle - \langle E(x^-) \rangle)$ with a gradient of the samples alone: with `mse` it has the gradient
      of $-\log p$ while the samples have less energy than the background, and ends where both are equal. $E(x) - E(x^-)$
      itself has no lower bound, and a network that throws its own samples far away makes it fall for ever;
    * `imbalance`, $\langle E(x) \rangle + |\langle E(x) \rangle - \langle E(x^-) \rangle|$, by which epochs are compared: the energy of the background,
      and how far the model is from being the density of what it was trained on.

    Args:
        encoder: network from events to codes of shape `(n, size)` with size > 1.
        decoder: network from codes to events.
        steps: length of each of the two chains.
        step: factor of the gradient in each step.
        noise: standard deviation of the noise in each step.
        pretrained: whether the networks have been trained without samples; so they are after any training.
    """

    default_loss = "mse + shortfall"
    validated_by = "imbalance"

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        steps: int = 10,
        step: float = 0.1,
        noise: float = 0.05,
        pretrained: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(encoder, decoder, **options)
        self.steps, self.step, self.noise, self.pretrained = steps, step, noise, pretrained
        self.seed_generator = keras.random.SeedGenerator()
        self.usual = self.add_weight(shape=(2,), initializer="zeros", trainable=False, name="usual")

    def pretraining(self) -> Autoencoder | None:
        """The same networks as an autoencoder without samples, unless these were trained before."""
        if self.pretrained:
            return None
        code = keras.layers.UnitNormalization(axis=1)(self.encoder.outputs[0])
        return Autoencoder(
            keras.Model(self.encoder.inputs, code), self.decoder, scaling=self.scaling, name="pretraining"
        )

    def relative_rate(self, variable: keras.Variable) -> float:  # noqa: ARG002 - the same for all
        """A tenth of the steps of the training that came before."""
        return _SLOWER

    def conclude(self, x: Float[np.ndarray, "n ..."]) -> None:  # noqa: ARG002 - known from training
        """Remember that the networks are trained, and warn if samples have far more energy than the background."""
        self.pretrained = True
        background, sampled = np.asarray(self.usual)
        of_noise = self.steps * self.noise**2 * math.prod(self.shape)
        if sampled > _FAR_APART * background + of_noise:
            warnings.warn(
                "The samples of a NormalizedAutoencoder do not follow the background: their energy is "
                f"{sampled:.3g}, that of background events {background:.3g}, so that the error is no density. "
                "Try a lower learning_rate or another weight of shortfall.",
                CollapseWarning,
                stacklevel=2,
            )

    def encode(self, x: KerasTensor, *, training: bool = False) -> KerasTensor:
        """The codes of a batch of scaled events on the unit sphere, shape `(n, size)`."""
        return _on_sphere(self.encoder(x, training=training))

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        compared = super().compare(x, code, training=training)
        if training:
            energy = self.energy(ops.stop_gradient(self.sample(ops.stop_gradient(code))))
            compared |= {"negative_energy": energy} | _balance(compared["mse"], energy)
            means = ops.stack([ops.mean(compared["mse"]), ops.mean(energy)])
            before = ops.convert_to_tensor(self.usual)
            kept = ops.where(before > 0, before, means)
            self.usual.assign(_MEMORY * kept + (1 - _MEMORY) * ops.stop_gradient(means))
        return compared

    def energy(self, x: KerasTensor) -> KerasTensor:
        """The reconstruction error of scaled events, shape `(n,)`."""
        return terms.mse(x, self.decoder(self.encode(x)))

    def sample(self, start: KerasTensor) -> KerasTensor:
        """Events drawn from the model by two short chains, as they look after scaling, shape `(n, *shape)`.

        Args:
            start: codes on the unit sphere, where the first chains begin, `(n, size)`.
        """
        n, code_size = ops.shape(start)[0], self.decoder.input_shape[-1]
        # One draw for both chains: XLA takes seconds to compile each of them.
        drawn = keras.random.normal(
            (self.steps, n, code_size + math.prod(self.shape)), seed=self.seed_generator
        )
        noise = self.noise * drawn
        code = langevin(self._code_energy, start, noise[..., :code_size], step=self.step, project=_on_sphere)
        event_noise = ops.reshape(noise[..., code_size:], (self.steps, n, *self.shape))
        return langevin(self.energy, self.decoder(code), event_noise, step=self.step)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        chain = {"steps": self.steps, "step": self.step, "noise": self.noise, "pretrained": self.pretrained}
        return {**super().get_config(), **chain}

    def _code_energy(self, code: KerasTensor) -> KerasTensor:
        return self.energy(self.decoder(code))


def _balance(energy: KerasTensor, of_samples: KerasTensor) -> dict[str, KerasTensor]:
    """How much the mean energies of background and samples differ, for each event of the batch."""
    background, sampled = ops.mean(energy), ops.mean(of_samples)
    found = {
        "shortfall": ops.relu(ops.stop_gradient(background) - sampled),
        "imbalance": background + ops.abs(background - sampled),
    }
    return {name: ops.broadcast_to(value, ops.shape(energy)) for name, value in found.items()}


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
