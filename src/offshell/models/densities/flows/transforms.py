"""What a coupling layer does to one number, forwards and backwards, under parameters that a network gives."""

from dataclasses import dataclass

import jax
from jax import numpy as jnp

from offshell.models.densities.flows import spline

__all__ = ["TRANSFORMS", "Affine", "Spline", "Transform"]


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
"""One of both."""

TRANSFORMS: dict[str, type[Transform]] = {"affine": Affine, "spline": Spline}
"""Both, by the names that detectors have for them."""
