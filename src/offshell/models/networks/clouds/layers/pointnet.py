"""PointNet-Mix: what all particles of a jet have in common, and their extremes."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.clouds.layers.masked import masked_max, masked_mean
from offshell.models.networks.drawn import Dense

__all__ = ["PointNetMix"]


@keras.saving.register_keras_serializable(package="offshell")
class PointNetMix(layers.Layer):
    """A network on each particle, its maximum and its mean over the particles, and a network on both: permutation invariant.

    Every layer but the last is followed by a leaky ReLU of slope 0.2. Source: Wang et al. (arXiv:2006.07029), who found
    that a critic that also sees the mean judges point clouds better than PointNet with the maximum alone.

    Args:
        point: widths of the network on each particle.
        joint: widths of the network on the pooled features; the last is linear and the number of features that come out.
    """

    def __init__(self, *, point: Sequence[int], joint: Sequence[int], **options: Any) -> None:
        super().__init__(**options)
        self.point, self.joint = tuple(point), tuple(joint)
        self.point_layers = [Dense(width) for width in point]
        self.joint_layers = [Dense(width) for width in joint]

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:
        """Make the weights."""
        widths = (input_shape[0][-1], *self.point)
        for width, layer in zip(widths, self.point_layers, strict=False):
            layer.build((None, width))
        widths = (2 * self.point[-1], *self.joint)
        for width, layer in zip(widths, self.joint_layers, strict=False):
            layer.build((None, width))

    def call(self, inputs: Sequence[KerasTensor]) -> KerasTensor:
        """Describe each jet.

        Args:
            inputs: `[features (n, particles, f), mask (n, particles, 1)]`.

        Returns:
            Features of the jets, shape `(n, joint[-1])`.
        """
        x, mask = inputs
        for layer in self.point_layers:
            x = _activate(layer(x))
        x = ops.concatenate([masked_max(x, mask), masked_mean(x, mask)], axis=-1)
        for layer in self.joint_layers[:-1]:
            x = _activate(layer(x))
        return self.joint_layers[-1](x)

    def compute_output_shape(self, input_shape: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """The shape of the features of the jets."""
        return (input_shape[0][0], self.joint[-1])

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "point": self.point, "joint": self.joint}


def _activate(x: KerasTensor) -> KerasTensor:
    return ops.leaky_relu(x, negative_slope=0.2)
