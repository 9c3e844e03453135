"""Attention between four-vectors that commutes with boosts and rotations of the whole jet."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.networks.clouds.layers.minkowski import COMPONENTS, compressed, product
from offshell.models.networks.drawn import Dense

__all__ = ["LorentzAttention"]

_HEADS = 4
# Attention to padding: the softmax of it is zero in float32 as in float64.
_NEVER = -1e9


@keras.saving.register_keras_serializable(package="offshell")
class LorentzAttention(keras.layers.Layer):
    r"""Attention between particles that have scalars and four-vectors, equivariant under Lorentz transformations.

    Particle $i$ attends to particle $j$ by $q_i \cdot k_j + a \, \psi(\langle Q_i, K_j \rangle)$, with scalars $q, k$ and
    vectors $Q, K$ that are linear in those of the particle. What it receives are scalars and vectors; scalars then see the
    Minkowski products of vectors in a small network, and vectors are gated by scalars. Vectors are only ever added up
    with invariant coefficients, which is what makes the layer equivariant; no Clebsch-Gordan coefficients are needed.

    The pair products and $\psi$ are those of LorentzNet (Gong et al., arXiv:2201.08187); that scalars and vectors suffice,
    and that attention over them is cheap, is the finding of L-GATr-slim (Petitjean et al., arXiv:2512.17011).

    Args:
        hidden: scalars of a particle.
        channels: four-vectors of a particle.
        heads: attentions side by side.

    Raises:
        InputError: if the scalars or the vectors cannot be shared out among the heads.
    """

    def __init__(self, hidden: int, channels: int, *, heads: int = _HEADS, **options: Any) -> None:
        super().__init__(**options)
        if hidden % heads or channels % heads:
            raise InputError(
                f"Scalars and vectors cannot be shared out. Expected: multiples of {heads}. "
                f"Received: {hidden} scalars and {channels} vectors."
            )
        self.hidden, self.channels, self.heads = hidden, channels, heads
        self.normalize = keras.layers.LayerNormalization()
        self.scalar_roles = Dense(3 * hidden, use_bias=False)
        self.vector_roles = Dense(2 * heads + channels, use_bias=False)
        self.factors = Dense(2 * channels, use_bias=False)
        self.widened, self.narrowed = (
            Dense(2 * hidden, activation="relu"),
            Dense(hidden),
        )
        self.gates = Dense(channels, activation="sigmoid")

    def build(self, input_shape: Sequence[tuple[int | None, ...]]) -> None:  # noqa: ARG002 - the sizes are known
        """Make the weights."""
        for layer in (self.normalize, self.scalar_roles, self.gates):
            layer.build((None, None, self.hidden))
        for layer in (self.vector_roles, self.factors):
            layer.build((None, None, COMPONENTS, self.channels))
        self.widened.build((None, None, 2 * self.hidden + self.channels))
        self.narrowed.build((None, None, 2 * self.hidden))
        self.steepness = self.add_weight(shape=(self.heads, 1, 1), initializer="zeros", name="steepness")

    def call(self, inputs: Sequence[KerasTensor]) -> tuple[KerasTensor, KerasTensor]:
        """Attend once.

        Args:
            inputs: `[scalars (n, particles, hidden), vectors (n, particles, 4, channels), mask (n, particles, 1)]`.

        Returns:
            The new scalars and vectors, zero where there is no particle, of the same shapes.
        """
        scalars, vectors, mask = inputs
        seen = self.normalize(scalars)
        received, arrived = self._attend(seen, vectors, mask)
        vectors = vectors + arrived
        left, right = ops.split(self.factors(vectors), 2, axis=-1)
        joined = ops.concatenate([seen, received, compressed(product(left, right))], axis=-1)
        scalars = scalars + self.narrowed(self.widened(joined))
        gates = self.gates(scalars)[:, :, None]
        return scalars * mask, vectors * gates * mask[..., None]

    def compute_output_shape(
        self, input_shape: Sequence[tuple[int | None, ...]]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """The shapes of the scalars and of the vectors."""
        return input_shape[0], input_shape[1]

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        sizes = {"hidden": self.hidden, "channels": self.channels, "heads": self.heads}
        return {**super().get_config(), **sizes}

    def _attend(
        self, scalars: KerasTensor, vectors: KerasTensor, mask: KerasTensor
    ) -> tuple[KerasTensor, KerasTensor]:
        query, key, value = (
            self._by_head(role) for role in ops.split(self.scalar_roles(scalars), 3, axis=-1)
        )
        roles = self.vector_roles(vectors)
        from_, to, carried = ops.split(roles, [self.heads, 2 * self.heads], axis=-1)
        likeness = ops.einsum("nihf,njhf->nhij", query, key) / (self.hidden / self.heads) ** 0.5
        likeness = likeness + self.steepness * compressed(_pair_products(from_, to))
        attention = ops.softmax(likeness + _NEVER * (1 - mask[:, None, None, :, 0]), axis=-1)
        received = ops.einsum("nhij,njhf->nihf", attention, value)
        arrived = ops.einsum("nhij,njchv->nichv", attention, self._by_head(carried))
        return ops.reshape(received, ops.shape(scalars)), ops.reshape(arrived, ops.shape(vectors))

    def _by_head(self, features: KerasTensor) -> KerasTensor:
        return ops.reshape(features, (*ops.shape(features)[:-1], self.heads, -1))


def _pair_products(a: KerasTensor, b: KerasTensor) -> KerasTensor:
    """Minkowski products of all pairs of particles, `(n, channels, i, j)`."""
    energies = ops.einsum("nih,njh->nhij", a[..., 0, :], b[..., 0, :])
    return 2 * energies - ops.einsum("nich,njch->nhij", a, b)
