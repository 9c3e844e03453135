"""An isolation forest: what few random cuts separate from everything else is anomalous."""

import math
from typing import Any, Literal, NamedTuple

import keras
import numpy as np
from jaxtyping import Float, Int
from keras import KerasTensor, ops
from pydantic import Field, PositiveInt
from sklearn import ensemble, tree

from offshell.models.baselines.baseline import Baseline, check_count
from offshell.models.event_shapes import Shape
from offshell.models.rounding import rounded_down
from offshell.models.settings import DetectorSettings

__all__ = ["IsolationForest", "IsolationForestSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class IsolationForest(Baseline):
    r"""Anomaly score $2^{-\langle h \rangle / c(\psi)}$ of Liu, Ting and Zhou (ICDM 2008), between 0 and 1.

    Term: `isolation`, equal to `-score_samples` of scikit-learn. $h$ is the depth at which a random tree, grown on
    $\psi$ background events, isolates an event, and $c(\psi)$ its expectation. Features that never vary are never cut.

    Args:
        shape: shape of one event, such as `(57,)`.
        trees: number of random trees.
        samples: background events that each tree is grown on, $\psi$.
        seed: of the random trees.
    """

    default_loss = "isolation"

    def __init__(
        self,
        *,
        shape: tuple[int, ...],
        trees: int = 100,
        samples: int = 256,
        seed: int = 0,
        **options: Any,
    ) -> None:
        check_count("trees", trees, least=1)
        check_count("samples", samples, least=2)
        super().__init__(shape=shape, least=samples, **options)
        self.trees, self.samples, self.seed = trees, samples, seed
        self.depth = math.ceil(math.log2(samples))
        cuts, leaves = (trees, 2**self.depth - 1), (trees, 2**self.depth)
        fixed = {"initializer": "zeros", "trainable": False}
        self.cut_features = self.add_weight(shape=cuts, dtype="int32", name="cut_features", **fixed)
        self.cut_values = self.add_weight(shape=cuts, name="cut_values", **fixed)
        self.path_lengths = self.add_weight(shape=leaves, name="path_lengths", **fixed)

    def estimate(self, x: Float[np.ndarray, "n features"]) -> None:
        """Grow the trees on background events."""
        forest = ensemble.IsolationForest(
            n_estimators=self.trees, max_samples=self.samples, random_state=self.seed
        ).fit(x)
        complete = [_completed(estimator, self.depth) for estimator in forest.estimators_]
        self.cut_features.assign([one.features for one in complete])
        self.cut_values.assign([one.values for one in complete])
        self.path_lengths.assign([one.path_lengths for one in complete])

    def anomaly(self, x: KerasTensor) -> KerasTensor:
        """The anomaly score of each event."""
        first_cut = ops.arange(self.trees) * self.cut_values.shape[1]

        def below(_: int, node: KerasTensor) -> KerasTensor:
            feature = ops.take(self.cut_features, first_cut + node)
            right = ops.take_along_axis(x, feature, axis=1) > ops.take(self.cut_values, first_cut + node)
            return 2 * node + 1 + ops.cast(right, "int32")

        root = ops.zeros((ops.shape(x)[0], self.trees), dtype="int32")
        # As a loop, because XLA compiles it six times and runs it four times faster than one step after the other.
        node = ops.fori_loop(0, self.depth, below, root)
        return ops.power(2.0, -self._mean_path_length(node) / float(_expected_path_length(self.samples)))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        sizes = {"trees": self.trees, "samples": self.samples, "seed": self.seed}
        return {**super().get_config(), **sizes}

    def _mean_path_length(self, node: KerasTensor) -> KerasTensor:
        n_cuts, n_leaves = self.cut_values.shape[1], self.path_lengths.shape[1]
        leaf = ops.arange(self.trees) * n_leaves + node - n_cuts
        return ops.mean(ops.take(self.path_lengths, leaf), axis=1)


class _CompleteTree(NamedTuple):
    """A binary tree with all leaves at the same depth, level by level: node i has the children 2i + 1 and 2i + 2."""

    features: Int[np.ndarray, " cuts"]
    values: Float[np.ndarray, " cuts"]
    path_lengths: Float[np.ndarray, " leaves"]


def _completed(estimator: tree.ExtraTreeRegressor, depth: int) -> _CompleteTree:
    """The tree with early leaves moved down, behind cuts that every event passes on the left."""
    grown = estimator.tree_
    nodes, n_cuts, levels = np.array([0]), np.array([0]), []
    for _ in range(depth):
        leaf = grown.children_left[nodes] == -1
        levels.append(
            (np.where(leaf, 0, grown.feature[nodes]), np.where(leaf, np.inf, grown.threshold[nodes]))
        )
        children = [
            np.where(leaf, nodes, side[nodes]) for side in (grown.children_left, grown.children_right)
        ]
        nodes, n_cuts = np.stack(children, axis=1).ravel(), np.repeat(n_cuts + ~leaf, 2)
    features, values = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    return _CompleteTree(
        features, rounded_down(values), n_cuts + _expected_path_length(grown.n_node_samples[nodes])
    )


def _expected_path_length(samples: Int[np.ndarray, " leaves"] | int) -> Float[np.ndarray, " leaves"]:
    """Cuts that isolate one of n events on average, c(n) of Liu, Ting and Zhou."""
    n = np.maximum(samples, 3)
    harmonic = np.log(n - 1) + np.euler_gamma
    return np.select([samples <= 1, samples == 2], [0.0, 1.0], 2 * harmonic - 2 * (n - 1) / n)  # noqa: PLR2004


class IsolationForestSettings(DetectorSettings):
    """An `IsolationForest`."""

    kind: Literal["isolation-forest"] = "isolation-forest"
    trees: PositiveInt = 100
    samples: int = Field(default=256, gt=1)

    def detector(self, shape: Shape, *, seed: int) -> IsolationForest:
        """The detector without trees, which `adapt` grows; the seed is theirs."""
        return IsolationForest(shape=shape, seed=seed, scaling=self.scaling_of(shape), **self.options)
