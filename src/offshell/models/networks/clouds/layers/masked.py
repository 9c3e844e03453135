"""Pooling over the particles that are there."""

from keras import KerasTensor, ops

__all__ = ["masked_max", "masked_mean", "masked_sum"]


def masked_sum(features: KerasTensor, mask: KerasTensor) -> KerasTensor:
    """Sum over the particles that are there.

    Args:
        features: features of the particles, shape `(n, particles, f)`.
        mask: 1 for a particle and 0 for padding, shape `(n, particles, 1)`.

    Returns:
        One vector for each jet, shape `(n, f)`.
    """
    return ops.sum(features * mask, axis=1)


def masked_mean(features: KerasTensor, mask: KerasTensor) -> KerasTensor:
    """Mean over the particles that are there; zero for a jet without any.

    Args:
        features: features of the particles, shape `(n, particles, f)`.
        mask: 1 for a particle and 0 for padding, shape `(n, particles, 1)`.

    Returns:
        One vector for each jet, shape `(n, f)`.
    """
    return masked_sum(features, mask) / ops.maximum(ops.sum(mask, axis=1), 1.0)


def masked_max(features: KerasTensor, mask: KerasTensor) -> KerasTensor:
    """Maximum of each feature over the particles that are there; zero for a jet without any.

    Args:
        features: features of the particles, shape `(n, particles, f)`.
        mask: 1 for a particle and 0 for padding, shape `(n, particles, 1)`.

    Returns:
        One vector for each jet, shape `(n, f)`.
    """
    largest = ops.max(ops.where(mask > 0, features, -float("inf")), axis=1)
    return ops.where(ops.any(mask > 0, axis=1), largest, 0.0)
