"""Short Langevin chains: samples from where an energy is low."""

from collections.abc import Callable

import jax
from jax import numpy as jnp

__all__ = ["langevin"]

_LONGEST_STEP = 1.0


def langevin(
    energy: Callable[[jax.Array], jax.Array],
    start: jax.Array,
    noise: jax.Array,
    *,
    step: float,
    project: Callable[[jax.Array], jax.Array] = lambda x: x,
) -> jax.Array:
    r"""The end of a Langevin chain for each start, $x \leftarrow x - \lambda \nabla E(x) + \epsilon$.

    Step and noise are chosen apart, as short chains need (Yoon, Noh and Park, arXiv:2105.05735); no step is longer than
    one, so that a steep energy cannot throw a chain to infinity.

    Args:
        energy: function from `(n, ...)` to one number for each chain, `(n,)`.
        start: where the chains begin, shape `(n, ...)`.
        noise: Gaussian noise of each step, shape `(steps, n, ...)`.
        step: factor of the gradient, $\lambda$.
        project: brings a point back to where it may be, after each step.

    Returns:
        The last points, shape `(n, ...)`.
    """
    slope = jax.grad(lambda x: jnp.sum(energy(x)))

    def move(x: jax.Array, epsilon: jax.Array) -> tuple[jax.Array, None]:
        return project(x - _shortened(step * slope(x)) + epsilon), None

    end, _ = jax.lax.scan(move, start, noise)
    return end


def _shortened(moves: jax.Array) -> jax.Array:
    squares = jnp.sum(jnp.square(moves), axis=tuple(range(1, moves.ndim)), keepdims=True)
    return moves * jnp.minimum(1.0, _LONGEST_STEP / jnp.sqrt(jnp.maximum(squares, 1e-24)))
