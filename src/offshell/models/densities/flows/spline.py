"""Monotonic rational-quadratic splines: flexible maps of the line that are easy to invert and to differentiate."""

import math
from typing import NamedTuple

import jax
from jax import numpy as jnp

__all__ = ["Knots", "forward", "inverse", "knots"]

# No bin is narrower or lower than this part of the box, and no slope smaller (Durkan et al., appendix B.1).
_LEAST = 1e-3
# Where softplus plus the least slope is one.
_STRAIGHT = math.log(math.expm1(1 - _LEAST))


class Knots(NamedTuple):
    """Where a spline passes and how steeply, each of shape `(..., bins + 1)`; outside it is the identity."""

    x: jax.Array
    y: jax.Array
    slopes: jax.Array


class _Bin(NamedTuple):
    """The bin that a number falls into, all of the shape of the numbers."""

    x: jax.Array
    y: jax.Array
    width: jax.Array
    height: jax.Array
    left: jax.Array
    right: jax.Array

    @property
    def slope(self) -> jax.Array:
        return self.height / self.width

    @property
    def bend(self) -> jax.Array:
        """What the slopes at both ends have more than the mean slope has; zero on a straight line."""
        return self.left + self.right - 2 * self.slope


def knots(parameters: jax.Array, *, bound: float) -> Knots:
    r"""Rising knots in the box $[-B, B] \times [-B, B]$ from any numbers; zeros give the identity.

    Source: Durkan, Bekasov, Murray and Papamakarios (arXiv:1906.04032), section 3.1: softmax for widths and heights,
    softplus for slopes, which are one at both ends.

    Args:
        parameters: any numbers, `(..., 3 * bins - 1)`: widths, heights and inner slopes.
        bound: half the side of the box, $B$.
    """
    bins = (parameters.shape[-1] + 1) // 3
    widths, heights, slopes = jnp.split(parameters, [bins, 2 * bins], axis=-1)
    inner = _LEAST + jax.nn.softplus(slopes + _STRAIGHT)
    end = jnp.ones_like(inner[..., :1])
    return Knots(_rising(widths, bound), _rising(heights, bound), jnp.concatenate([end, inner, end], axis=-1))


def forward(x: jax.Array, spline: Knots) -> tuple[jax.Array, jax.Array]:
    r"""The spline and the logarithm of its derivative.

    Equations 4 and 5 of Durkan et al. (arXiv:1906.04032), with $\xi$ the place in a bin from 0 to 1.

    Args:
        x: numbers, `(...)`.
        spline: knots, `(..., bins + 1)`.

    Returns:
        $y$ and $\log dy/dx$, both of the shape of `x`.
    """
    inside, at = _inside(x, spline.x)
    found = _bin(at, spline, spline.x)
    xi = (at - found.x) / found.width
    between, denominator = _between(xi, found)
    y = found.y + found.height * (found.slope * xi**2 + found.left * between) / denominator
    rise = found.right * xi**2 + 2 * found.slope * between + found.left * (1 - xi) ** 2
    log_derivative = 2 * jnp.log(found.slope) + jnp.log(rise) - 2 * jnp.log(denominator)
    return jnp.where(inside, y, x), jnp.where(inside, log_derivative, jnp.zeros_like(x))


def inverse(y: jax.Array, spline: Knots) -> jax.Array:
    """Where the spline takes the values `y`, of the same shape; equations 6 to 8 of Durkan et al. (arXiv:1906.04032).

    Args:
        y: numbers, `(...)`.
        spline: knots, `(..., bins + 1)`.
    """
    inside, at = _inside(y, spline.y)
    found = _bin(at, spline, spline.y)
    rest = at - found.y
    a = found.height * (found.slope - found.left) + rest * found.bend
    b = found.height * found.left - rest * found.bend
    c = -found.slope * rest
    root = jnp.sqrt(jnp.maximum(b**2 - 4 * a * c, 0.0))
    # The same root in two ways, of which one always subtracts nothing from something alike.
    xi = jnp.where(b < 0, (root - b) / jnp.where(b < 0, 2 * a, 1.0), -2 * c / (jnp.abs(b) + root))
    return jnp.where(inside, found.x + xi * found.width, y)


def _rising(parameters: jax.Array, bound: float) -> jax.Array:
    """From `-bound` to `bound` in steps that are never too small."""
    bins = parameters.shape[-1]
    steps = _LEAST + (1 - _LEAST * bins) * jax.nn.softmax(parameters, axis=-1)
    inner = 2 * bound * jnp.cumsum(steps, axis=-1)[..., :-1] - bound
    end = jnp.full_like(inner[..., :1], bound)
    return jnp.concatenate([-end, inner, end], axis=-1)


def _inside(values: jax.Array, edges: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Whether numbers are in the box, and the numbers, or where they are not, a place in it."""
    inside = jnp.logical_and(values >= edges[..., 0], values <= edges[..., -1])
    return inside, jnp.where(inside, values, jnp.zeros_like(values))


def _bin(values: jax.Array, spline: Knots, edges: jax.Array) -> _Bin:
    after = (values[..., None] >= edges[..., 1:-1]).astype(values.dtype)
    one = jnp.ones_like(values)[..., None]
    # One where a number lies beyond the left edge of a bin and not beyond its right one. A sum over few bins is many
    # times faster than a gather on a CPU, and its gradient more so.
    chosen = jnp.concatenate([one, after], axis=-1) - jnp.concatenate([after, 0 * one], axis=-1)

    def at(ends: jax.Array) -> jax.Array:
        return jnp.sum(chosen * ends, axis=-1)

    x, y, slopes = spline
    return _Bin(
        x=at(x[..., :-1]),
        y=at(y[..., :-1]),
        width=at(x[..., 1:] - x[..., :-1]),
        height=at(y[..., 1:] - y[..., :-1]),
        left=at(slopes[..., :-1]),
        right=at(slopes[..., 1:]),
    )


def _between(xi: jax.Array, found: _Bin) -> tuple[jax.Array, jax.Array]:
    between = xi * (1 - xi)
    return between, found.slope + found.bend * between
