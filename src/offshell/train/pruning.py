"""Magnitude pruning: the smallest weights become zero and stay zero while the others are trained on."""

from collections.abc import Callable, Iterator

import keras
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["LargestWeights", "follow", "n_pruning_epochs", "prune", "settle", "sparsity"]


@keras.saving.register_keras_serializable(package="offshell")
class LargestWeights(keras.constraints.Constraint):
    r"""Keeps the weights of largest magnitude and sets the others to zero, after every step of an optimizer.

    Which weights these are may change from step to step, so that one that was dropped by chance can come back. While a
    training tells how many epochs $t$ it has done (see `follow`), the share of zeros is

    .. math:: s(t) = s_f \left[1 - \left(1 - \frac{t - t_0}{\Delta t}\right)^3\right]
              \quad\text{for}\quad t_0 \le t \le t_0 + \Delta t,

    zero before and $s_f$ after that; without a training it is $s_f$. Source: Zhu and Gupta (arXiv:1710.01878).

    Args:
        sparsity: share of the weights that is zero in the end, $s_f$.
        begin: epochs before the first zero, $t_0$.
        ramp: epochs until the last one, $\Delta t$.
    """

    def __init__(self, sparsity: float, *, begin: int = 0, ramp: int = 0) -> None:
        self.sparsity, self.begin, self.ramp = sparsity, begin, ramp
        self.epochs_done: Callable[[], KerasTensor] | None = None

    def __call__(self, w: KerasTensor) -> KerasTensor:
        """The weights with the smallest ones set to zero."""
        w = ops.convert_to_tensor(w)  # optimizers hand over the variable itself
        n_zero = ops.cast(ops.round(self._share() * w.size), "int32")
        magnitude = ops.absolute(w)
        threshold = ops.take(ops.sort(ops.reshape(magnitude, (-1,))), ops.maximum(n_zero - 1, 0))
        return ops.where((magnitude > threshold) | (n_zero == 0), w, 0.0)

    def get_config(self) -> dict[str, float]:
        """What Keras needs to make the constraint again."""
        return {"sparsity": self.sparsity, "begin": self.begin, "ramp": self.ramp}

    def _share(self) -> KerasTensor:
        """Of zeros, now."""
        if self.epochs_done is None:
            return ops.convert_to_tensor(self.sparsity)
        since = self.epochs_done() - self.begin
        if not self.ramp:
            return self.sparsity * ops.cast(since >= 0, "float32")
        return self.sparsity * (1 - (1 - ops.clip(since / self.ramp, 0, 1)) ** 3)


def prune(model: keras.Layer, *, fraction: float, begin: int = 0, ramp: int = 0) -> None:
    """Set the smallest weights of each kernel to zero, and hold them there in every training that follows.

    At once by default: train, prune, train on. With `begin` or `ramp`, the next `offshell.fit` does it on its way, and keeps
    the best weights of the epochs that have all the zeros. (`fit` of Keras knows no epochs here: it prunes at once.)
    Layers of HGQ2 are pruned like those of Keras: what is zero stays zero in quantization.
    The zeros are saved with the model; the rule that holds them is not, so prune again before a loaded model is trained on.

    Args:
        model: a built model, or one of its layers, changed in place.
        fraction: share of each kernel that becomes zero, from 0 (none) to below 1.
        begin: epochs of the next training before the first weight becomes zero.
        ramp: epochs after those over which the share rises to `fraction`, fast at first and then slower
            (Zhu and Gupta, arXiv:1710.01878); with 0 it jumps.

    Raises:
        InputError: if the fraction or the epochs are out of range, or the model has no kernel.
    """
    _check_schedule(fraction, begin, ramp)
    kernels = list(_kernels(model))
    if not kernels:
        raise InputError(
            f"Nothing to prune. Expected: a built model with kernels. Received: {model.name} without any."
        )
    for kernel in kernels:
        kernel.constraint = LargestWeights(fraction, begin=begin, ramp=ramp)
        if not begin + ramp:
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


def n_pruning_epochs(model: keras.Model) -> int:
    """How many epochs the next training takes until all the zeros are there; none if the model is not to be pruned on its way."""
    return max((rule.begin + rule.ramp for rule in _rules(model)), default=0)


def follow(model: keras.Model, epochs_done: Callable[[], KerasTensor]) -> None:
    """Let the schedule of a model go by the epochs that a training has done, with the step that is being taken."""
    for rule in _rules(model):
        rule.epochs_done = epochs_done


def settle(model: keras.Model) -> None:
    """End the schedule of a model: from now on the zeros are held."""
    for rule in _rules(model):
        rule.epochs_done, rule.begin, rule.ramp = None, 0, 0


def _check_schedule(fraction: float, begin: int, ramp: int) -> None:
    if not 0 <= fraction < 1:
        raise InputError(
            f"Wrong fraction to prune. Expected: 0 <= fraction < 1. Received: fraction={fraction}."
        )
    if begin < 0 or ramp < 0:
        raise InputError(
            f"Wrong epochs to prune in. Expected: begin >= 0 and ramp >= 0. Received: begin={begin}, ramp={ramp}."
        )


def _kernels(model: keras.Layer) -> Iterator[keras.Variable]:
    return (variable for variable in model.trainable_variables if variable.name == "kernel")


def _rules(model: keras.Model) -> Iterator[LargestWeights]:
    rules = (kernel.constraint for kernel in _kernels(model))
    return (rule for rule in rules if isinstance(rule, LargestWeights))
