"""Stochastic bottlenecks: Gaussian and categorical latent variables with their reparameterizations."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.models import terms
from offshell.models.networks.drawn import Dense

__all__ = ["CategoricalLatent", "GaussianLatent", "Latent"]


class Latent(NamedTuple):
    """What a bottleneck gives for a batch of n events."""

    code: KerasTensor
    """What the decoder sees, shape `(n, size)`: a sample in training, its expectation otherwise."""
    mean: KerasTensor
    """The deterministic description of the event, shape `(n, size)`: means, or class probabilities."""
    terms: dict[str, KerasTensor]
    """Terms of this latent space by name, each of shape `(n,)`."""


@keras.saving.register_keras_serializable(package="offshell")
class GaussianLatent(keras.layers.Layer):
    r"""A Gaussian posterior $z = \mu + \sigma \epsilon$, $\epsilon \sim N(0, 1)$ (Kingma and Welling, arXiv:1312.6114).

    Args:
        size: number of dimensions.
        heads: layers from features to means and log-variances, `{"mean": layer, "log_var": layer}`; default: linear.
    """

    def __init__(
        self, size: int, *, heads: Mapping[str, keras.layers.Layer] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.size = size
        heads = heads or _linear_heads(size)
        self.mean, self.log_var = heads["mean"], heads["log_var"]
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the two heads."""
        for head in (self.mean, self.log_var):
            if not head.built:
                head.build(input_shape)

    def call(self, features: KerasTensor, training: bool = False) -> Latent:
        """Draw (in training) or take the mean of the posterior of each event."""
        mean, log_var = self.mean(features), self.log_var(features)
        code = mean
        if training:
            noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
            code = mean + ops.exp(log_var / 2) * noise
        distances = {"mu2": terms.mu2(mean), "radius": terms.radius(mean, log_var)}
        return Latent(code, mean, {"kl_gaussian": terms.kl_gaussian(mean, log_var), **distances})

    def drawn(self, n_events: int, rng: np.random.Generator) -> Float[np.ndarray, "n_events size"]:
        """Codes from the prior, the normal distribution."""
        return rng.normal(size=(n_events, self.size))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {
            **super().get_config(),
            "size": self.size,
            "heads": {"mean": self.mean, "log_var": self.log_var},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Make the layer again, its heads included."""
        return cls(**{key: keras.saving.deserialize_keras_object(value) for key, value in config.items()})


@keras.saving.register_keras_serializable(package="offshell")
class CategoricalLatent(keras.layers.Layer):
    r"""Categorical posteriors, relaxed by the Gumbel-softmax $\mathrm{softmax}((\alpha + g) / \tau)$.

    Source: Jang, Gu and Poole (arXiv:1611.01144); $g = -\log(-\log u)$ with uniform $u$.

    Args:
        variables: number of independent categorical variables.
        classes: number of classes of each.
        temperature: $\tau$; towards 0 the samples become one-hot, towards infinity uniform.
    """

    def __init__(self, variables: int, classes: int, temperature: float, **options: Any) -> None:
        super().__init__(**options)
        self.n_variables, self.n_classes, self.temperature = variables, classes, temperature
        self.size = variables * classes
        self.logits = Dense(self.size, name="logits")
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the head."""
        self.logits.build(input_shape)

    def call(self, features: KerasTensor, training: bool = False) -> Latent:
        """Draw a relaxed class (in training) or give the class probabilities of each event."""
        logits = ops.reshape(self.logits(features), (-1, self.n_variables, self.n_classes))
        probabilities = code = ops.softmax(logits, axis=-1)
        if training:
            noise = self._gumbel(ops.shape(logits))
            code = ops.softmax((logits + noise) / self.temperature, axis=-1)
        return Latent(
            self._flat(code), self._flat(probabilities), {"kl_categorical": terms.kl_categorical(logits)}
        )

    def drawn(self, n_events: int, rng: np.random.Generator) -> Float[np.ndarray, "n_events size"]:
        """Codes from the prior: one class of each variable, all of them equally often."""
        classes = rng.integers(self.n_classes, size=(n_events, self.n_variables))
        return np.eye(self.n_classes)[classes].reshape(n_events, self.size)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        sizes = {"variables": self.n_variables, "classes": self.n_classes, "temperature": self.temperature}
        return {**super().get_config(), **sizes}

    def _gumbel(self, shape: tuple[int, ...]) -> KerasTensor:
        tiny = 1e-20
        uniform = keras.random.uniform(shape, minval=tiny, maxval=1.0, seed=self.seed_generator)
        return -ops.log(ops.maximum(-ops.log(uniform), tiny))

    def _flat(self, values: KerasTensor) -> KerasTensor:
        return ops.reshape(values, (-1, self.size))


def _linear_heads(size: int) -> dict[str, keras.layers.Layer]:
    # Zero weights start every posterior at unit width, where the KL term is small and the gradient well scaled.
    return {
        "mean": Dense(size, name="mean"),
        "log_var": Dense(size, kernel_initializer="zeros", name="log_var"),
    }
