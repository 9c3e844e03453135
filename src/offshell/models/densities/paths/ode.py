"""Ordinary differential equations of velocity fields: where points go, and how their density changes on the way."""

from collections.abc import Callable
from typing import TypeVar

import jax
from jax import numpy as jnp
from jaxtyping import Array, Float

__all__ = ["divergence", "heun", "with_divergence"]

State = TypeVar("State")
Points = Float[Array, "n ..."]
Field = Callable[[Points, Float[Array, ""]], Points]
"""Velocities of n points at a time."""


def heun(
    field: Callable[[State, Float[Array, ""]], State], start: State, *, begin: float, end: float, steps: int
) -> State:
    r"""Follows $dx/dt = v(x, t)$ by Heun's method, whose error falls with the square of the number of steps.

    Args:
        field: velocity of a state, an array or any tree of them, at a time.
        start: the state at the first time.
        begin: the first time.
        end: the last time; before the first one to go backwards.
        steps: of equal length, two evaluations of the field each.

    Returns:
        The state at the last time.
    """
    length = (end - begin) / steps

    def advance(state: State, time: jax.Array) -> tuple[State, None]:
        slope = field(state, time)
        slope_ahead = field(_moved(state, slope, length), time + length)
        return _moved(state, jax.tree.map(lambda a, b: (a + b) / 2, slope, slope_ahead), length), None

    last, _ = jax.lax.scan(advance, start, begin + length * jnp.arange(steps))
    return last


def divergence(
    velocity: Callable[[Points], Points], x: Points, probes: Float[Array, "probes ..."]
) -> tuple[Points, Float[Array, " n"]]:
    r"""Velocities of points and $\sum_k p_k^T J p_k$ with the Jacobian $J = \partial v / \partial x$ of each.

    With the unit vectors as probes this is the divergence $\mathrm{tr} J$; with one vector of random signs its expectation
    is (Hutchinson, Commun. Stat. Simul. Comput. 19 (1990) 433).

    Args:
        velocity: from points `(n, ...)` to velocities of the same shape, point by point.
        x: points, shape `(n, ...)`.
        probes: vectors of the shape of one point, `(probes, ...)`.

    Returns:
        The velocities `(n, ...)` and one number for each point, `(n,)`.
    """
    velocities, jacobian = jax.linearize(velocity, x)

    def curvature(probe: jax.Array) -> jax.Array:
        along = jacobian(jnp.broadcast_to(probe, x.shape))
        return jnp.sum(along * probe, axis=tuple(range(1, x.ndim)))

    return velocities, jnp.sum(jax.vmap(curvature)(probes), axis=0)


def with_divergence(
    field: Field, probes: Float[Array, "probes ..."]
) -> Callable[[tuple[Points, Float[Array, " n"]], Float[Array, ""]], tuple[Points, Float[Array, " n"]]]:
    r"""The field of points and of the integral of the divergence along their way, which is what $-\log p$ gains.

    Source: Chen, Rubanova, Bettencourt and Duvenaud (arXiv:1806.07366), with the trace of Grathwohl et al. (arXiv:1810.01367).

    Args:
        field: velocities of points at a time.
        probes: see `divergence`.
    """
    return lambda state, time: divergence(lambda x: field(x, time), state[0], probes)


def _moved(state: State, slope: State, length: float) -> State:
    moved: State = jax.tree.map(lambda x, v: x + length * v, state, slope)
    return moved
