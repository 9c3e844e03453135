"""A chain of coupling layers, from events to a standard normal distribution and back."""

import math
from collections.abc import Sequence
from typing import Any

import jax
import keras
import numpy as np
from jax import numpy as jnp
from jaxtyping import Bool

from offshell.errors import InputError
from offshell.models.densities.flows.coupling import Affine, Coupling, Spline

__all__ = ["CouplingChain", "normal_nll"]

_TRANSFORMS = {"affine": Affine, "spline": Spline}


class CouplingChain(keras.layers.Layer):
    r"""An invertible map $z = f(x)$ whose change of volume is known, $\log |\det \partial z / \partial x|$.

    Each layer transforms one half of the features, the next one the other half; halves are drawn at random.

    Args:
        features: number of features, at least 2.
        transform: `"affine"` (RealNVP, arXiv:1605.08803) or `"spline"` (neural spline flow, arXiv:1906.04032).
        layers: number of coupling layers.
        hidden: widths of the hidden layers of each network.
        conditions: size of the condition that each network sees.
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
        conditions: int = 0,
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        _check(features, transform, layers)
        chosen = _TRANSFORMS[transform]()
        self.couplings = [
            Coupling(changed, transform=chosen, hidden=hidden, conditions=conditions)
            for changed in _halves(features, layers, seed=seed)
        ]

    def call(self, x: jax.Array, present: jax.Array, condition: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The normal coordinates `(n, features)` of events and the logarithm of the change of volume, `(n,)`.

        Args:
            x: events `(n, features)`; zero where a feature is not there.
            present: whether features are there, of the same shape; those that are not stay zero and change no volume.
            condition: what else the networks see, `(n, conditions)`.
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


def _halves(features: int, layers: int, *, seed: int) -> list[Bool[np.ndarray, " features"]]:
    rng = np.random.default_rng(seed)
    halves: list[Bool[np.ndarray, " features"]] = []
    while len(halves) < layers:
        half = rng.permutation(features) < features // 2
        halves += [half, ~half]
    return halves[:layers]


def _check(features: int, transform: str, layers: int) -> None:
    least = 2  # halves, and layers that transform both of them
    if transform not in _TRANSFORMS:
        raise InputError(f"Unknown transform. Expected: {' or '.join(_TRANSFORMS)}. Received: {transform!r}.")
    if features < least or layers < least:
        raise InputError(
            f"A flow cannot be so small. Expected: at least {least} features and {least} layers. "
            f"Received: {features} features and {layers} layers."
        )
