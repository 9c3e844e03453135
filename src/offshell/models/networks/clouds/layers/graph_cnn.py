"""Convolutions on the graph of nearest neighbors, made anew from the features at each layer."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.drawn import Dense

__all__ = ["GraphConvolution"]

# Farther than any two particles are.
_ABSENT = 1e9


@keras.saving.register_keras_serializable(package="offshell")
class GraphConvolution(layers.Layer):
    r"""Edge-conditioned convolution, $h_i' = W h_i + b + \frac1k \sum_{j \in N(i)} \Theta(h_j - h_i)\,h_j$, permutation equivariant.

    $N(i)$ are the nearest neighbors of a particle in the space of its features, itself left out, and $\Theta$ is an affine map
    from a difference to a matrix. Source: Valsesia, Fracastoro and Magli (ICLR 2019), after Simonovsky and Komodakis
    (arXiv:1704.02901), here with full matrices and without batch normalization, as one jet must not depend on the others.

    Args:
        features: features that come out.
        neighbors: how many, $k$; all others where a jet has fewer.
    """

    def __init__(self, features: int, *, neighbors: int, **options: Any) -> None:
        super().__init__(**options)
        self.features, self.neighbors = features, neighbors
        self.own, self.mean = Dense(features), Dense(features, use_bias=False)
        self.products = Dense(features, use_bias=False)

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:
        """Make the weights."""
        width = input_shape[0][-1] or 0
        for layer, size in ((self.own, width), (self.mean, width), (self.products, width**2)):
            layer.build((None, size))

    def call(self, inputs: Sequence[KerasTensor]) -> KerasTensor:
        """Convolve once.

        Args:
            inputs: `[features (n, particles, f), mask (n, particles, 1)]`.

        Returns:
            New features, zero where there is no particle, shape `(n, particles, features)`.
        """
        x, mask = inputs
        share = self._neighborhood(x, mask)
        mean = ops.matmul(share, x)
        # An affine map of a difference times a neighbor is a linear map of the second moments of the neighbors: the
        # matrix of a pair is never made.
        second = ops.einsum("nij,nja,njb->niab", share, x, x) - x[..., :, None] * mean[..., None, :]
        products = ops.reshape(second, (*ops.shape(x)[:2], x.shape[-1] ** 2))
        return mask * (self.own(x) + self.mean(mean) + self.products(products))

    def compute_output_shape(self, input_shape: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """The shape of the new features."""
        return (*input_shape[0][:-1], self.features)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "features": self.features, "neighbors": self.neighbors}

    def _neighborhood(self, x: KerasTensor, mask: KerasTensor) -> KerasTensor:
        """The share of each particle in the mean over the neighbors of another, `(n, particles, particles)`."""
        particles = x.shape[1]
        distances = ops.sum(ops.square(x[:, :, None] - x[:, None]), axis=-1)
        absent = 1 - ops.transpose(mask, (0, 2, 1)) + ops.eye(particles, dtype=x.dtype)
        distances = ops.stop_gradient(distances) + _ABSENT * absent
        farthest = -ops.top_k(-distances, min(self.neighbors, particles - 1))[0][..., -1:]
        near = ops.cast((distances <= farthest) & (distances < _ABSENT), x.dtype)
        return near / ops.maximum(ops.sum(near, axis=-1, keepdims=True), 1.0)
