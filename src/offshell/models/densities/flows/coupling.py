"""Coupling layers, and a chain of them: an invertible map from events to a standard normal distribution.

Each layer transforms one half of the features by what the other half says, so that nothing is lost.
"""

import math
from collections.abc import Sequence
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from jaxtyping import Bool

from offshell.errors import InputError
from offshell.models.densities.flows.transforms import TRANSFORMS, Transform
from offshell.models.networks.dense import dense_encoder

__all__ = ["Coupling", "CouplingChain", "normal_nll"]


class Coupling(keras.layers.Layer):
    """Transforms some features; a dense network finds out how from the others and from a condition.

    Features that are not there stay exactly zero and change no volume.

    Args:
        changed: which of the features are transformed, `(features,)`.
        transform: what happens to each of them.
        hidden: widths of the hidden layers of the network.
        condition_size: size of the condition.
    """

    def __init__(
        self,
        changed: Bool[np.ndarray, " features"],
        *,
        transform: Transform,
        hidden: Sequence[int],
        condition_size: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.transform = transform
        self.kept, self.changed = np.flatnonzero(~changed), np.flatnonzero(changed)
        self.order = np.argsort(np.concatenate([self.kept, self.changed]))
        inputs, outputs = len(self.kept) + condition_size, len(self.changed) * transform.size
        self.network = dense_encoder(inputs, hidden=hidden, size=outputs)
        _start_small(self.network)

    def call(self, x: jax.Array, present: jax.Array, condition: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Transformed features `(n, features)` and the logarithm of the change of volume, `(n,)`.

        Args:
            x: features, `(n, features)`; zero where they are not there.
            present: whether they are there, of the same shape.
            condition: what else the network sees, `(n, condition_size)`.
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


class CouplingChain(keras.layers.Layer):
    r"""An invertible map $z = f(x)$ whose change of volume is known, $\log |\det \partial z / \partial x|$.

    Each layer transforms one half of the features, the next one the other half; halves are drawn at random.

    Args:
        features: number of features, at least 2.
        transform: `"affine"` (RealNVP, arXiv:1605.08803) or `"spline"` (neural spline flow, arXiv:1906.04032).
        layers: number of coupling layers.
        hidden: widths of the hidden layers of each network.
        condition_size: size of the condition that each network sees.
        seed: of the halves.

    Raises:
        InputError: if there is no such transform, or too few features or layers to transform all of them.
    """

    def __init__(
        self,
        features: int,
        *,
        transform: str,
        layers: int,
        hidden: Sequence[int],
        condition_size: int = 0,
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        _check(features, transform, layers)
        chosen = TRANSFORMS[transform]()
        self.couplings = [
            Coupling(changed, transform=chosen, hidden=hidden, condition_size=condition_size)
            for changed in _halves(features, layers, seed=seed)
        ]

    def call(self, x: jax.Array, present: jax.Array, condition: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The normal coordinates `(n, features)` of events and the logarithm of the change of volume, `(n,)`.

        Args:
            x: events `(n, features)`; zero where a feature is not there.
            present: whether features are there, of the same shape; those that are not stay zero and change no volume.
            condition: what else the networks see, `(n, condition_size)`.
        """
        log_det = jnp.zeros_like(x[:, 0])
        for coupling in self.couplings:
            x, change = coupling(x, present, condition)
            log_det += change
        return x, log_det

    def inverse(self, z: jax.Array, present: jax.Array, condition: jax.Array) -> jax.Array:
        """The events `(n, features)` that have the normal coordinates `z`."""
        for coupling in reversed(self.couplings):
            z = coupling.inverse(z, present, condition)
        return z


def normal_nll(z: jax.Array, present: jax.Array) -> jax.Array:
    r"""Negative log-density of a standard normal distribution, $\frac12 \sum_i (z_i^2 + \log 2 \pi)$ over the features that are there.

    Args:
        z: coordinates `(n, features)`.
        present: whether features are there, of the same shape.

    Returns:
        One number for each event, `(n,)`.
    """
    return jnp.sum(jnp.where(present, jnp.square(z) + math.log(2 * math.pi), 0.0), axis=1) / 2


def _start_small(network: keras.Model) -> None:
    """Begin near the identity, where a chain of many transforms is still easy to train."""
    kernel = network.layers[-1].kernel
    kernel.assign(0.1 * kernel)


def _halves(features: int, layers: int, *, seed: int) -> list[Bool[np.ndarray, " features"]]:
    rng = np.random.default_rng(seed)
    halves: list[Bool[np.ndarray, " features"]] = []
    while len(halves) < layers:
        half = rng.permutation(features) < features // 2
        halves += [half, ~half]
    return halves[:layers]


def _check(features: int, transform: str, layers: int) -> None:
    least = 2  # halves, and layers that transform both of them
    if transform not in TRANSFORMS:
        raise InputError(f"Unknown transform. Expected: {' or '.join(TRANSFORMS)}. Received: {transform!r}.")
    if features < least or layers < least:
        raise InputError(
            f"A flow cannot be so small. Expected: at least {least} features and {least} layers. "
            f"Received: {features} features and {layers} layers."
        )
