"""Which features of an event are there: padded objects have no density, but a probability."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Bool, Float
from keras import KerasTensor, ops

__all__ = ["Presence"]

# Of each transition beside what was counted: Jeffreys' prior, as for the numbers of particles of a cloud.
_PRIOR = 0.5


@keras.saving.register_keras_serializable(package="offshell")
class Presence(keras.layers.Layer):
    r"""The features of scaled events that are there, the ones that are not exactly zero, as a Markov chain in their order.

    $P(m) = \prod_i P(m_i | m_{i-1})$ of the mask $m$. Objects of one kind stand in order of their pT, so that the chain knows how many
    there are: whether one is there depends on whether the one before is. Probabilities are
    $(N_{ab} + 1/2) / (N_a + 1)$ of the $N_a$ background events, after Jeffreys' prior (Proc. R. Soc. A 186 (1946) 453).

    Args:
        features: of an event.
    """

    def __init__(self, features: int, **options: Any) -> None:
        super().__init__(**options)
        self.features = features
        self.counts = self.add_weight(
            shape=(features, 2, 2), initializer="zeros", trainable=False, name="counts"
        )
        self.built = True  # all shapes are known already

    def adapt(self, x: Float[np.ndarray, "n features"]) -> None:
        """Count in scaled background events how often a feature is there, given whether the one before is."""
        present = (np.asarray(x) != 0).astype(int)
        before = np.column_stack([np.ones(len(x), int), present[:, :-1]])
        kinds = np.eye(4)[2 * before + present].sum(axis=0)
        self.counts.assign(kinds.reshape(self.features, 2, 2))

    def call(self, present: KerasTensor) -> KerasTensor:
        r"""$-\log P$ of masks `(n, features)` of ones and zeros, shape `(n,)`."""
        counts = ops.convert_to_tensor(self.counts) + _PRIOR
        surprise = -ops.log(counts / ops.sum(counts, axis=-1, keepdims=True))
        before = ops.concatenate([ops.ones_like(present[:, :1]), present[:, :-1]], axis=1)
        pairs = (
            ops.stack([1 - before, before], axis=-1)[..., None]
            * ops.stack([1 - present, present], axis=-1)[..., None, :]
        )
        return ops.sum(pairs * surprise, axis=(1, 2, 3))

    def draw(self, n: int, rng: np.random.Generator) -> Bool[np.ndarray, "n features"]:
        """Masks of n events, with no transition that the background does not have; all ones before `adapt`."""
        absent, there = np.moveaxis(np.asarray(self.counts, np.float64), -1, 0)
        chance = np.where(absent > 0, there / np.maximum(absent + there, 1), 1.0)
        present, last = np.empty((n, self.features), bool), np.ones(n, int)
        for feature, numbers in enumerate(rng.random((self.features, n))):
            present[:, feature] = numbers < chance[feature, last]
            last = present[:, feature].astype(int)
        return present

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "features": self.features}
