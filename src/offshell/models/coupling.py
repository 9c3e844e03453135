"""Coupling layers: one half of the features is transformed by what the other half says, so that nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Bool
from keras import KerasTensor, ops

from offshell.models import spline
from offshell.models.networks.dense import dense_encoder

__all__ = ["Affine", "Coupling", "Spline", "Transform"]


@dataclass(frozen=True)
class Affine:
    r"""$y = x e^s + t$ (Dinh, Sohl-Dickstein and Bengio, arXiv:1605.08803), with $s$ between -2 and 2 so that it stays stable."""

    size = 2

    def forward(self, x: KerasTensor, parameters: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
        """What becomes of numbers `(n, m)` under parameters `(n, m, 2)`, and the logarithm of the derivative."""
        log_scale = self._log_scale(parameters)
        return x * ops.exp(log_scale) + parameters[..., 1], log_scale

    def inverse(self, y: KerasTensor, parameters: KerasTensor) -> KerasTensor:
        """The numbers `(n, m)` that became `y`."""
        return (y - parameters[..., 1]) * ops.exp(-self._log_scale(parameters))

    def _log_scale(self, parameters: KerasTensor) -> KerasTensor:
        return 2 * ops.tanh(parameters[..., 0] / 2)


@dataclass(frozen=True)
class Spline:
    """A monotonic rational-quadratic spline inside `[-bound, bound]`, the identity outside (arXiv:1906.04032)."""

    bins: int = 8
    bound: float = 5.0

    @property
    def size(self) -> int:
        """How many parameters each number needs."""
        return 3 * self.bins - 1

    def forward(self, x: KerasTensor, parameters: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
        """What becomes of numbers `(n, m)` under parameters `(n, m, size)`, and the logarithm of the derivative."""
        return spline.forward(x, spline.knots(parameters, bound=self.bound))

    def inverse(self, y: KerasTensor, parameters: KerasTensor) -> KerasTensor:
        """The numbers `(n, m)` that became `y`."""
        return spline.inverse(y, spline.knots(parameters, bound=self.bound))


Transform = Affine | Spline


class Coupling(keras.layers.Layer):
    """Transforms some features; a dense network finds out how from the others and from a condition.

    Features that are not there stay exactly zero and change no volume.

    Args:
        changed: which of the features are transformed, `(features,)`.
        transform: what happens to each of them.
        hidden: widths of the hidden layers of the network.
        conditions: size of the condition.
    """

    def __init__(
        self,
        changed: Bool[np.ndarray, " features"],
        *,
        transform: Transform,
        hidden: Sequence[int],
        conditions: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.transform = transform
        self.kept, self.changed = np.flatnonzero(~changed), np.flatnonzero(changed)
        self.order = np.argsort(np.concatenate([self.kept, self.changed]))
        inputs, outputs = len(self.kept) + conditions, len(self.changed) * transform.size
        self.network = dense_encoder(inputs, hidden=hidden, size=outputs)
        _start_small(self.network)

    def call(
        self, x: KerasTensor, present: KerasTensor, condition: KerasTensor
    ) -> tuple[KerasTensor, KerasTensor]:
        """Transformed features `(n, features)` and the logarithm of the change of volume, `(n,)`.

        Args:
            x: features, `(n, features)`; zero where they are not there.
            present: whether they are there, of the same shape.
            condition: what else the network sees, `(n, conditions)`.
        """
        there = ops.take(present, self.changed, axis=1)
        parameters = self._parameters(x, condition)
        y, log_derivative = self.transform.forward(ops.take(x, self.changed, axis=1), parameters)
        return self._merged(x, ops.where(there, y, 0.0)), ops.sum(
            ops.where(there, log_derivative, 0.0), axis=1
        )

    def inverse(self, y: KerasTensor, present: KerasTensor, condition: KerasTensor) -> KerasTensor:
        """The features `(n, features)` that became `y`."""
        there = ops.take(present, self.changed, axis=1)
        x = self.transform.inverse(ops.take(y, self.changed, axis=1), self._parameters(y, condition))
        return self._merged(y, ops.where(there, x, 0.0))

    def _parameters(self, x: KerasTensor, condition: KerasTensor) -> KerasTensor:
        seen = ops.concatenate([ops.take(x, self.kept, axis=1), condition], axis=1)
        return ops.reshape(self.network(seen), (-1, len(self.changed), self.transform.size))

    def _merged(self, x: KerasTensor, changed: KerasTensor) -> KerasTensor:
        both = ops.concatenate([ops.take(x, self.kept, axis=1), changed], axis=1)
        return ops.take(both, self.order, axis=1)


def _start_small(network: keras.Model) -> None:
    """Begin near the identity, where a chain of many transforms is still easy to train."""
    kernel = network.layers[-1].kernel
    kernel.assign(0.1 * kernel)
