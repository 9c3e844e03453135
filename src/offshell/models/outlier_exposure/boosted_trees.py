"""Boosted trees of scikit-learn as a Keras layer: the trees are weights, and what evaluates them is compiled."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import keras
import numpy as np
from jaxtyping import Float, Int
from keras import KerasTensor, ops
from sklearn.ensemble import HistGradientBoostingClassifier

from offshell.models.rounding import rounded_down

__all__ = ["BoostedTrees"]

Events = Float[np.ndarray, "n features"]


@keras.saving.register_keras_serializable(package="offshell")
class BoostedTrees(keras.layers.Layer):
    """Classifiers of background against several kinds of outliers, one for each: from events to `(n, kinds)` log odds.

    Equal to `decision_function` of scikit-learn's `HistGradientBoostingClassifier` with balanced classes, which grows the
    trees: gradient boosting (Friedman, Ann. Stat. 29 (2001) 1189) on binned features (Ke et al., LightGBM, NeurIPS 2017).
    A node of a tree is a number and a place: the number is that of its cut or, for a leaf, its value; the place is that of the
    child for events below the cut, next to which the other child stands. A leaf is its own child.

    Args:
        kinds: of outliers.
        features: numbers of an event.
        trees: for each kind.
        leaves: of a tree at most.
        learning_rate: share of each tree in the sum.
    """

    def __init__(
        self,
        *,
        kinds: int,
        features: int,
        trees: int = 150,
        leaves: int = 16,
        learning_rate: float = 0.08,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.kinds, self.features, self.trees, self.leaves = kinds, features, trees, leaves
        self.learning_rate = learning_rate
        nodes = (kinds * trees, 2 * leaves - 1)
        fixed = {"initializer": "zeros", "trainable": False}
        self.numbers = self.add_weight(shape=nodes, name="numbers", **fixed)
        self.cut_features = self.add_weight(shape=nodes, dtype="uint16", name="cut_features", **fixed)
        self.children = self.add_weight(shape=nodes, dtype="uint16", name="children", **fixed)
        self.depth = self.add_weight(shape=(), dtype="int32", name="depth", **fixed)
        self.offsets = self.add_weight(shape=(kinds,), name="offsets", **fixed)
        self.built = True

    def grow(self, background: Events, outliers: Iterable[Events]) -> None:
        """Grow the trees.

        Args:
            background: events of shape `(n, features)`.
            outliers: the same of each kind.
        """
        grown = [self._classifier().fit(*_labeled(background, kind)) for kind in outliers]
        trees = [_flat(tree.nodes, self.numbers.shape[1]) for one in grown for (tree,) in one._predictors]
        for name in ("numbers", "cut_features", "children"):
            getattr(self, name).assign(np.stack([getattr(tree, name) for tree in trees]))
        self.depth.assign(max(tree.depth for tree in trees))
        self.offsets.assign([float(np.squeeze(one._baseline_prediction)) for one in grown])

    def call(self, x: KerasTensor) -> KerasTensor:
        """The log odds of a batch of events `(n, features)` for each kind of outliers, `(n, kinds)`."""
        n_events, n_nodes = ops.shape(x)[0], self.numbers.shape[1]
        first = ops.arange(self.kinds * self.trees) * n_nodes

        def below(_: int, node: KerasTensor) -> KerasTensor:
            place = first + node
            child = ops.cast(ops.take(self.children, place), "int32")
            feature = ops.cast(ops.take(self.cut_features, place), "int32")
            beyond = ops.take_along_axis(x, feature, axis=1) > ops.take(self.numbers, place)
            return child + ops.cast(beyond & (child != node), "int32")

        leaf = ops.fori_loop(
            0, self.depth.value, below, ops.zeros((n_events, self.kinds * self.trees), "int32")
        )
        values = ops.reshape(ops.take(self.numbers, first + leaf), (n_events, self.kinds, self.trees))
        return ops.sum(values, axis=2) + self.offsets

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """One number for each event and kind."""
        return (input_shape[0], self.kinds)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        sizes = {"kinds": self.kinds, "features": self.features, "trees": self.trees, "leaves": self.leaves}
        return {**super().get_config(), **sizes, "learning_rate": self.learning_rate}

    def _classifier(self) -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.learning_rate,
            class_weight="balanced",
            early_stopping=False,
            random_state=0,
        )


class _FlatTree(NamedTuple):
    """A tree node by node, the root first, children side by side."""

    numbers: Float[np.ndarray, " nodes"]
    cut_features: Int[np.ndarray, " nodes"]
    children: Int[np.ndarray, " nodes"]
    depth: int


def _labeled(background: Events, outliers: Events) -> tuple[Events, Int[np.ndarray, " n"]]:
    labels = np.repeat([0, 1], [len(background), len(outliers)])
    return np.concatenate([background, outliers]), labels


def _flat(nodes: np.ndarray, size: int) -> _FlatTree:
    """From the nodes of scikit-learn, which may stand in any order, padded to a size."""
    order, children = [0], list[int]()
    for place, old in enumerate(order):  # which grows on the way
        leaf = nodes["is_leaf"][old]
        children.append(place if leaf else len(order))
        order += [] if leaf else [int(nodes["left"][old]), int(nodes["right"][old])]
    there = nodes[order]
    numbers = np.where(there["is_leaf"], there["value"], rounded_down(there["num_threshold"]))
    features, extra = np.where(there["is_leaf"], 0, there["feature_idx"]), (0, size - len(order))
    numbers, features, places = (np.pad(column, extra) for column in (numbers, features, np.array(children)))
    return _FlatTree(numbers, features, places, int(there["depth"].max()))
