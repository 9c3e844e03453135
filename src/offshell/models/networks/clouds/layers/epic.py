"""The EPiC layer: particles talk to each other through a vector of the whole jet, at a cost linear in their number."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.clouds.layers.masked import masked_mean, masked_sum
from offshell.models.networks.drawn import Dense

__all__ = ["EPiC"]

# Keeps the sum of some tens of particles as large as their mean; the value of the authors' code for 30 and 150 particles.
_SUM_SCALE = 1e-2
_SLOPE = 0.01


@keras.saving.register_keras_serializable(package="offshell")
class EPiC(layers.Layer):
    """A residual exchange between the particles of a jet and a global vector, permutation equivariant.

    First the global vector sees itself and the mean and sum of the particles, then each particle sees itself and the new
    global vector. Source: Buhmann, Kasieczka and Thaler (arXiv:2301.08128), here without weight normalization.

    Args:
        hidden: features of a particle, and width of the hidden layers.
        latent: size of the global vector.
    """

    def __init__(self, hidden: int, latent: int, **options: Any) -> None:
        super().__init__(**options)
        self.hidden, self.latent = hidden, latent
        self.pooled, self.to_global = Dense(hidden), Dense(latent)
        self.from_local, self.from_global = Dense(hidden), Dense(hidden, use_bias=False)
        self.to_local = Dense(hidden)

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:
        """Make the weights."""
        condition = sum(shape[-1] or 0 for shape in input_shape[3:])
        self.pooled.build((None, 2 * self.hidden + self.latent + condition))
        self.from_global.build((None, self.latent + condition))
        for layer in (self.to_global, self.from_local, self.to_local):
            layer.build((None, self.hidden))

    def call(self, inputs: Sequence[KerasTensor]) -> tuple[KerasTensor, KerasTensor]:
        """Exchange once.

        Args:
            inputs: `[local (n, particles, hidden), global (n, latent), mask (n, particles, 1)]`, and if the layer is
                conditioned on something a vector `(n, c)` that both halves see.

        Returns:
            The new local features, zero where there is no particle, and the new global vector, of the same shapes.
        """
        local, global_, mask, *condition = inputs
        pooled = [masked_mean(local, mask), _SUM_SCALE * masked_sum(local, mask), global_, *condition]
        summary = _activate(self.pooled(ops.concatenate(pooled, axis=-1)))
        global_ = _activate(self.to_global(summary) + global_)
        told = self.from_global(ops.concatenate([global_, *condition], axis=-1))
        found = _activate(self.from_local(local) + told[:, None])
        return mask * _activate(self.to_local(found) + local), global_

    def compute_output_shape(
        self, input_shape: Sequence[tuple[int | None, ...]]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """The shapes of the local features and of the global vector."""
        return input_shape[0], input_shape[1]

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "hidden": self.hidden, "latent": self.latent}


def _activate(x: KerasTensor) -> KerasTensor:
    return ops.leaky_relu(x, negative_slope=_SLOPE)
