"""Monotonic rational-quadratic splines: flexible maps of the line that are easy to invert and to differentiate."""

import math
from typing import NamedTuple

from keras import KerasTensor, ops

__all__ = ["Knots", "forward", "inverse", "knots"]

# No bin is narrower or lower than this part of the box, and no slope smaller (Durkan et al., appendix B.1).
_LEAST = 1e-3
# Where softplus plus the least slope is one.
_STRAIGHT = math.log(math.expm1(1 - _LEAST))


class Knots(NamedTuple):
    """Where a spline passes and how steeply, each of shape `(..., bins + 1)`; outside it is the identity."""

    x: KerasTensor
    y: KerasTensor
    slopes: KerasTensor


class _Bin(NamedTuple):
    """The bin that a number falls into, all of the shape of the numbers."""

    x: KerasTensor
    y: KerasTensor
    width: KerasTensor
    height: KerasTensor
    left: KerasTensor
    right: KerasTensor

    @property
    def slope(self) -> KerasTensor:
        return self.height / self.width

    @property
    def bend(self) -> KerasTensor:
        """What the slopes at both ends have more than the mean slope has; zero on a straight line."""
        return self.left + self.right - 2 * self.slope


def knots(parameters: KerasTensor, *, bound: float) -> Knots:
    r"""Rising knots in the box $[-B, B] \times [-B, B]$ from any numbers; zeros give the identity.

    Source: Durkan, Bekasov, Murray and Papamakarios (arXiv:1906.04032), section 3.1: softmax for widths and heights,
    softplus for slopes, which are one at both ends.

    Args:
        parameters: any numbers, `(..., 3 * bins - 1)`: widths, heights and inner slopes.
        bound: half the side of the box, $B$.
    """
    bins = (parameters.shape[-1] + 1) // 3
    widths, heights, slopes = ops.split(parameters, [bins, 2 * bins], axis=-1)
    inner = _LEAST + ops.softplus(slopes + _STRAIGHT)
    end = ops.ones_like(inner[..., :1])
    return Knots(_rising(widths, bound), _rising(heights, bound), ops.concatenate([end, inner, end], axis=-1))


def forward(x: KerasTensor, spline: Knots) -> tuple[KerasTensor, KerasTensor]:
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
    log_derivative = 2 * ops.log(found.slope) + ops.log(rise) - 2 * ops.log(denominator)
    return ops.where(inside, y, x), ops.where(inside, log_derivative, ops.zeros_like(x))


def inverse(y: KerasTensor, spline: Knots) -> KerasTensor:
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
    xi = 2 * c / (-b - ops.sqrt(ops.maximum(b**2 - 4 * a * c, 0.0)))
    return ops.where(inside, found.x + xi * found.width, y)


def _rising(parameters: KerasTensor, bound: float) -> KerasTensor:
    """From `-bound` to `bound` in steps that are never too small."""
    bins = parameters.shape[-1]
    steps = _LEAST + (1 - _LEAST * bins) * ops.softmax(parameters, axis=-1)
    inner = 2 * bound * ops.cumsum(steps, axis=-1)[..., :-1] - bound
    end = ops.full_like(inner[..., :1], bound)
    return ops.concatenate([-end, inner, end], axis=-1)


def _inside(values: KerasTensor, edges: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
    """Whether numbers are in the box, and the numbers, or where they are not, a place in it."""
    inside = ops.logical_and(values >= edges[..., 0], values <= edges[..., -1])
    return inside, ops.where(inside, values, ops.zeros_like(values))


def _bin(values: KerasTensor, spline: Knots, edges: KerasTensor) -> _Bin:
    after = ops.cast(values[..., None] >= edges[..., 1:-1], values.dtype)
    one = ops.ones_like(values)[..., None]
    # One where a number lies beyond the left edge of a bin and not beyond its right one. A sum over few bins is many
    # times faster than a gather on a CPU, and its gradient more so.
    chosen = ops.concatenate([one, after], axis=-1) - ops.concatenate([after, 0 * one], axis=-1)

    def at(ends: KerasTensor) -> KerasTensor:
        return ops.sum(chosen * ends, axis=-1)

    x, y, slopes = spline
    return _Bin(
        x=at(x[..., :-1]),
        y=at(y[..., :-1]),
        width=at(x[..., 1:] - x[..., :-1]),
        height=at(y[..., 1:] - y[..., :-1]),
        left=at(slopes[..., :-1]),
        right=at(slopes[..., 1:]),
    )


def _between(xi: KerasTensor, found: _Bin) -> tuple[KerasTensor, KerasTensor]:
    between = xi * (1 - xi)
    return between, found.slope + found.bend * between
