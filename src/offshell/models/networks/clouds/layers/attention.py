"""Set attention: every particle looks at all others and decides which of them matter."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.drawn import Dense, MultiHeadAttention

__all__ = ["SetAttention"]


@keras.saving.register_keras_serializable(package="offshell")
class SetAttention(layers.Layer):
    r"""A self-attention block, $h' = h + A(N(h))$ and $h'' = h' + f(N(h'))$, permutation equivariant.

    $A$ is multi-head attention of the particles that are there, $f$ a network on each particle and $N$ layer
    normalization. Source: Lee et al. (Set Transformer, arXiv:1810.00825), normalized before each part and not after it as
    Xiong et al. (arXiv:2002.04745) advise.

    Args:
        hidden: features of a particle, a multiple of `heads`; the hidden layer of $f$ is twice as wide.
        heads: number of attention heads.
    """

    def __init__(self, hidden: int, heads: int, **options: Any) -> None:
        super().__init__(**options)
        self.hidden, self.heads = hidden, heads
        self.attention = MultiHeadAttention(heads, hidden // heads)
        self.before_attention, self.before_network = layers.LayerNormalization(), layers.LayerNormalization()
        self.widen, self.narrow = Dense(2 * hidden), Dense(hidden)

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:
        """Make the weights."""
        features = input_shape[0]
        self.attention.build(features, features)
        for layer in (self.before_attention, self.before_network, self.widen):
            layer.build(features)
        self.narrow.build((*features[:-1], 2 * self.hidden))

    def call(self, inputs: Sequence[KerasTensor]) -> KerasTensor:
        """Attend once.

        Args:
            inputs: `[features (n, particles, hidden), mask (n, particles, 1)]`.

        Returns:
            New features of the same shape, zero where there is no particle.
        """
        x, mask = inputs
        seen = self.before_attention(x)
        present = ops.transpose(mask, (0, 2, 1)) > 0
        # Asked for its scores, Keras computes them itself, in the precision of the layer; JAX would do it in single precision.
        found, _ = self.attention(seen, seen, attention_mask=present, return_attention_scores=True)
        x = x + found
        x = x + self.narrow(ops.gelu(self.widen(self.before_network(x))))
        return x * mask

    def compute_output_shape(self, input_shape: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """The shape of the new features."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "hidden": self.hidden, "heads": self.heads}
