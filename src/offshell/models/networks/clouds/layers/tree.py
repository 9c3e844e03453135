"""Convolutions on a growing tree: particles descend from one root and remember their ancestors."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.drawn import Dense, GlorotUniform

__all__ = ["TreeConvolution"]


@keras.saving.register_keras_serializable(package="offshell")
class TreeConvolution(layers.Layer):
    r"""From the leaves of a tree to their children, $h' = \sum_a W_a h_a + V U \sigma(B h) + b$ with the ancestors $h_a$ of the child.

    Every leaf $h$ has matrices $B$ of its own, one for each of its children, and is among the ancestors; $\sigma$ is a leaky
    ReLU of slope 0.2. Source: Shu, Park and Kwon (TreeGAN, arXiv:1905.06292).

    Args:
        features: features of the children.
        degree: children of each leaf.
        support: width of $U h$ in units of that of $h$.
    """

    def __init__(self, features: int, *, degree: int = 2, support: int = 10, **options: Any) -> None:
        super().__init__(**options)
        self.features, self.degree, self.support = features, degree, support

    def build(self, input_shape: Sequence[tuple[int, ...]]) -> None:
        """Make the weights."""
        leaves, width = input_shape[-1][1:]
        self.ancestors = [Dense(self.features, use_bias=False) for _ in input_shape]
        for layer, shape in zip(self.ancestors, input_shape, strict=True):
            layer.build(shape)
        self.loop = Dense(width * self.support, use_bias=False)
        self.out = Dense(self.features, use_bias=False)
        self.loop.build((None, width))
        self.out.build((None, width * self.support))
        self.branch = self.add_weight(
            shape=(leaves, width, self.degree * width), initializer=GlorotUniform, name="branch"
        )
        self.bias = self.add_weight(shape=(self.degree, self.features), initializer="zeros", name="bias")

    def call(self, tree: Sequence[KerasTensor]) -> KerasTensor:
        """Grow once.

        Args:
            tree: the features of each generation from the root on, `(n, nodes, f)`; siblings stand side by side.

        Returns:
            The features of the children, shape `(n, leaves * degree, features)`.
        """
        n, (leaves, width) = ops.shape(tree[-1])[0], tree[-1].shape[1:]
        children = leaves * self.degree
        branches = ops.einsum("nlf,lfg->nlg", tree[-1], self.branch)
        branches = ops.leaky_relu(ops.reshape(branches, (n, children, width)), negative_slope=0.2)
        remembered = sum(
            ops.repeat(layer(nodes), children // nodes.shape[1], axis=1)
            for layer, nodes in zip(self.ancestors, tree, strict=True)
        )
        return remembered + self.out(self.loop(branches)) + ops.tile(self.bias, (leaves, 1))

    def compute_output_shape(self, input_shape: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """The shape of the children."""
        n, leaves, _ = input_shape[-1]
        return (n, (leaves or 0) * self.degree, self.features)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        sizes = {"features": self.features, "degree": self.degree, "support": self.support}
        return {**super().get_config(), **sizes}
