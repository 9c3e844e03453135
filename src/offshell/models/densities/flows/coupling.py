"""Coupling layers: one half of the features is transformed by what the other half says, so that nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from jaxtyping import Bool

from offshell.models.densities.flows import spline
from offshell.models.networks.dense import dense_encoder

__all__ = ["Affine", "Coupling", "Spline", "Transform"]


@dataclass(frozen=True)
class Affine:
    r"""$y = x e^s + t$ (Dinh, Sohl-Dickstein and Bengio, arXiv:1605.08803), with $s$ between -2 and 2 so that it stays stable."""

    size = 2

    def forward(self, x: jax.Array, parameters: jax.Array) -> tuple[jax.Array, jax.Array]:
        """What becomes of numbers `(n, m)` under parameters `(n, m, 2)`, and the logarithm of the derivative."""
        log_scale = self._log_scale(parameters)
        return x * jnp.exp(log_scale) + parameters[..., 1], log_scale

    def inverse(self, y: jax.Array, parameters: jax.Array) -> jax.Array:
        """The numbers `(n, m)` that became `y`."""
        return (y - parameters[..., 1]) * jnp.exp(-self._log_scale(parameters))

    def _log_scale(self, parameters: jax.Array) -> jax.Array:
        return 2 * jnp.tanh(parameters[..., 0] / 2)


@dataclass(frozen=True)
class Spline:
    """A monotonic rational-quadratic spline inside `[-bound, bound]`, the identity outside (arXiv:1906.04032)."""

    bins: int = 8
    bound: float = 5.0

    @property
    def size(self) -> int:
        """How many parameters each number needs."""
        return 3 * self.bins - 1

    def forward(self, x: jax.Array, parameters: jax.Array) -> tuple[jax.Array, jax.Array]:
        """What becomes of numbers `(n, m)` under parameters `(n, m, size)`, and the logarithm of the derivative."""
        return spline.forward(x, spline.knots(parameters, bound=self.bound))

    def inverse(self, y: jax.Array, parameters: jax.Array) -> jax.Array:
        """The numbers `(n, m)` that became `y`."""
        return spline.inverse(y, spline.knots(parameters, bound=self.bound))


Transform = Affine | Spline


class Coupling(keras.layers.Layer):
    """Transforms some features; a dense network finds out how from the others and from a condition.

    Features that are not there stay exactly zero and change no volume.

    Args:
        changed: which of the features are transformed, `(features,)`.
        transform: what happens to each of them.
        hidden: widths of the hidden layers of the network.
        conditions: size of the condition.
    """

    def __init__(
        self,
        changed: Bool[np.ndarray, " features"],
        *,
        transform: Transform,
        hidden: Sequence[int],
        conditions: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.transform = transform
        self.kept, self.changed = np.flatnonzero(~changed), np.flatnonzero(changed)
        self.order = np.argsort(np.concatenate([self.kept, self.changed]))
        inputs, outputs = len(self.kept) + conditions, len(self.changed) * transform.size
        self.network = dense_encoder(inputs, hidden=hidden, size=outputs)
        _start_small(self.network)

    def call(self, x: jax.Array, present: jax.Array, condition: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Transformed features `(n, features)` and the logarithm of the change of volume, `(n,)`.

        Args:
            x: features, `(n, features)`; zero where they are not there.
            present: whether they are there, of the same shape.
            condition: what else the network sees, `(n, conditions)`.
        """
        there = present[:, self.changed]
        parameters = self._parameters(x, condition)
        y, log_derivative = self.transform.forward(x[:, self.changed], parameters)
        log_det = jnp.sum(jnp.where(there, log_derivative, 0.0), axis=1)
        return self._merged(x, jnp.where(there, y, 0.0)), log_det

    def inverse(self, y: jax.Array, present: jax.Array, condition: jax.Array) -> jax.Array:
        """The features `(n, features)` that became `y`."""
        there = present[:, self.changed]
        x = self.transform.inverse(y[:, self.changed], self._parameters(y, condition))
        return self._merged(y, jnp.where(there, x, 0.0))

    def _parameters(self, x: jax.Array, condition: jax.Array) -> jax.Array:
        seen = jnp.concatenate([x[:, self.kept], condition], axis=1)
        return jnp.reshape(self.network(seen), (-1, len(self.changed), self.transform.size))

    def _merged(self, x: jax.Array, changed: jax.Array) -> jax.Array:
        both = jnp.concatenate([x[:, self.kept], changed], axis=1)
        return both[:, self.order]


def _start_small(network: keras.Model) -> None:
    """Begin near the identity, where a chain of many transforms is still easy to train."""
    kernel = network.layers[-1].kernel
    kernel.assign(0.1 * kernel)
