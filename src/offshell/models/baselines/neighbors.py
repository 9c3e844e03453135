"""The distance to the nearest background events that were seen before."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt

from offshell.errors import InputError
from offshell.models.baselines.baseline import Baseline
from offshell.models.event_shapes import Shape
from offshell.models.settings import DetectorSettings

__all__ = ["Neighbors", "NeighborsSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Neighbors(Baseline):
    r"""Mean Euclidean distance to the $k$ nearest of a fixed number of background events.

    Term: `distance` [units of the scaled features]. Source: Ramaswamy, Rastogi and Shim, SIGMOD 2000, with the mean over
    neighbors of Angiulli and Pizzuti, PKDD 2002. The reference events are drawn at random from those that `adapt`
    sees; they are their own neighbors, so only other events are scored fairly. Small batches, which fit into the cache
    of a CPU, are fastest: `offshell.score(model, x, batch_size=512)`.

    Args:
        shape: shape of one event, such as `(57,)`.
        neighbors: how many of the nearest events count, $k$.
        references: background events that are kept; of fewer, all of them.
        seed: of the choice of these events.
    """

    default_loss = "distance"

    def __init__(
        self,
        *,
        shape: tuple[int, ...],
        neighbors: int = 5,
        references: int = 5000,
        seed: int = 0,
        **options: Any,
    ) -> None:
        if not 1 <= neighbors <= references:
            raise InputError(
                f"neighbors do not fit references. Expected: 1 to {references} neighbors. Received: {neighbors}."
            )
        super().__init__(shape=shape, least=neighbors, **options)
        self.neighbors, self.references, self.seed = neighbors, references, seed
        self.events = self.add_weight(
            shape=(references, self.features), initializer="zeros", trainable=False, name="events"
        )

    def estimate(self, x: Float[np.ndarray, "n features"]) -> None:
        """Keep some of the background events; places that are left over are infinitely far away."""
        n_kept = min(len(x), self.references)
        chosen = np.random.default_rng(self.seed).choice(len(x), n_kept, replace=False)
        nowhere = np.full((self.references - n_kept, self.features), np.inf)
        self.events.assign(np.concatenate([x[chosen], nowhere]))

    def anomaly(self, x: KerasTensor) -> KerasTensor:
        """The mean distance of each event to its nearest neighbors."""
        distances = ops.norm(x[:, None, :] - ops.take(self.events, self._nearest(x), axis=0), axis=-1)
        return ops.mean(distances, axis=1)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        sizes = {"neighbors": self.neighbors, "references": self.references, "seed": self.seed}
        return {**super().get_config(), **sizes}

    def _nearest(self, x: KerasTensor) -> KerasTensor:
        """Indices of the nearest references; |x|^2, the same for all of them, is left out of |x - y|^2."""
        events = ops.convert_to_tensor(self.events)
        kept = ops.isfinite(events)
        # Around the mean, so that float32 keeps what tells the references apart.
        center = ops.sum(ops.where(kept, events, 0), axis=0) / ops.sum(ops.cast(kept, x.dtype), axis=0)
        x, events = x - center, ops.where(kept, events - center, 0)
        closeness = 2 * ops.matmul(x, ops.transpose(events)) - ops.sum(ops.square(events), axis=1)
        return ops.top_k(ops.where(kept[:, 0], closeness, -float("inf")), self.neighbors)[1]


class NeighborsSettings(DetectorSettings):
    """The distance to `Neighbors`, at most `references` background events that are kept."""

    kind: Literal["neighbors"] = "neighbors"
    neighbors: PositiveInt = 5
    references: PositiveInt = 5000

    def detector(self, shape: Shape, *, seed: int) -> Neighbors:
        """The detector without events, which `adapt` chooses; the seed is that of the choice."""
        return Neighbors(shape=shape, seed=seed, scaling=self.scaling_of(shape), **self.options)
