"""The energy distance between two samples, a measure of how alike they are that has no bias in small batches."""

from keras import KerasTensor, ops

__all__ = ["energy_distance"]


def energy_distance(x: KerasTensor, y: KerasTensor) -> KerasTensor:
    r"""Energy distance of two samples, $2\,E|X - Y| - E|X - X'| - E|Y - Y'|$, the mean over their features.

    In one dimension it is twice the integral of the squared difference of the distribution functions, thus zero for
    equal distributions only. Pairs of a row with itself are left out, also between the samples: the estimate is free
    of bias whatever the number of rows, even if row i of both belongs to the same condition, and so it can be negative.
    Source: Székely and Rizzo (J. Stat. Plan. Inference 143 (2013) 1249).

    Args:
        x: one sample, shape `(n, features)` with n > 1.
        y: the other, of the same shape.

    Returns:
        What each row contributes, shape `(n,)`; the estimate is their mean.
    """
    between, within_x, within_y = (_mean_distances(a, b) for a, b in ((x, y), (x, x), (y, y)))
    return 2 * between - within_x - within_y


def _mean_distances(a: KerasTensor, b: KerasTensor) -> KerasTensor:
    """From each row of one sample to all rows of the other but its own, along each feature."""
    n = ops.shape(a)[0]
    distances = ops.mean(ops.abs(a[:, None] - b[None]), axis=2) * (1 - ops.eye(n, dtype=a.dtype))
    return (ops.sum(distances, axis=0) + ops.sum(distances, axis=1)) / (2 * (n - 1))
