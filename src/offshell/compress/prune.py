"""Magnitude pruning: the smallest weights become zero and stay zero while the others are trained on."""

from collections.abc import Iterator

import keras
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["LargestWeights", "prune", "sparsity"]


@keras.saving.register_keras_serializable(package="offshell")
class LargestWeights(keras.constraints.Constraint):
    """Keeps the weights of largest magnitude and sets the others to zero, after every step of an optimizer.

    Which weights these are may change from step to step, so that one that was dropped by chance can come back.

    Args:
        sparsity: share of the weights that is zero.
    """

    def __init__(self, sparsity: float) -> None:
        self.sparsity = sparsity

    def __call__(self, w: KerasTensor) -> KerasTensor:
        """The weights with the smallest ones set to zero."""
        w = ops.convert_to_tensor(w)  # optimizers hand over the variable itself
        n_zero = round(self.sparsity * w.size)
        if not n_zero:
            return w
        magnitude = ops.absolute(w)
        threshold = ops.sort(ops.reshape(magnitude, (-1,)))[n_zero - 1]
        return ops.where(magnitude > threshold, w, 0.0)

    def get_config(self) -> dict[str, float]:
        """What Keras needs to make the constraint again."""
        return {"sparsity": self.sparsity}


def prune(model: keras.Model, *, fraction: float) -> None:
    """Set the smallest weights of each kernel to zero, and hold them there in every training that follows.

    Train, prune, train on: the schedule of a constant sparsity from a chosen moment (Zhu and Gupta, arXiv:1710.01878).
    The zeros are saved with the model; the rule that holds them is not, so prune again before a loaded model is trained on.

    Args:
        model: a built model, changed in place.
        fraction: share of each kernel that becomes zero, from 0 (none) to below 1.

    Raises:
        InputError: if the fraction is out of range, or the model has no kernel.
    """
    if not 0 <= fraction < 1:
        raise InputError(
            f"Wrong fraction to prune. Expected: 0 <= fraction < 1. Received: fraction={fraction}."
        )
    kernels = list(_kernels(model))
    if not kernels:
        raise InputError(
            f"Nothing to prune. Expected: a built model with kernels. Received: {model.name} without any."
        )
    for kernel in kernels:
        kernel.constraint = LargestWeights(fraction)
        kernel.assign(kernel.constraint(kernel.value))


def sparsity(model: keras.Model) -> float:
    """The share of exact zeros in the kernels of a model.

    Raises:
        InputError: if the model has no kernel.
    """
    sizes = [(kernel.value.size, int(ops.count_nonzero(kernel.value))) for kernel in _kernels(model)]
    if not sizes:
        raise InputError(
            f"No weights to count. Expected: a built model with kernels. Received: {model.name} without any."
        )
    total, nonzero = map(sum, zip(*sizes, strict=True))
    return 1 - nonzero / total


def _kernels(model: keras.Model) -> Iterator[keras.Variable]:
    return (variable for variable in model.trainable_variables if variable.name == "kernel")
