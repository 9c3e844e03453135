"""From the output of a classifier to how rare it is among the background, also beyond all events that were seen."""

import math
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["Calibration", "tail_scale"]

_FEWEST = 10


@keras.saving.register_keras_serializable(package="offshell")
class Calibration(keras.layers.Layer):
    r"""The negative logarithm of the p-value of the background, $-\ln p(s)$, for several scores at once.

    Between calibration events it is the empirical $p(s_{(k)}) = k / (n + 1)$ of the k-th highest of n scores, linear in the
    logarithm from knot to knot. Beyond the $2 \sqrt n$ highest it goes on as

    .. math:: -\ln p(s) = -\ln p(u) + (s - u) / \sigma ,

    so that rates far below 1 / n still have an order. For exact log likelihood ratios the background falls with
    $\sigma = 1$ times a slowly varying factor (Neyman and Pearson: $p_b(s) = e^{-s} p_o(s)$), hence an exponential tail, and
    hence one excess of 1 in front of those that were seen: a classifier without errors, all of whose background scores are
    equal, has a finite answer too.

    Args:
        scores: how many there are.
        knots: of each of them.
    """

    def __init__(self, *, scores: int, knots: int = 128, **options: Any) -> None:
        super().__init__(**options)
        self.scores, self.n_knots = scores, knots
        start = keras.initializers.Constant(np.tile(np.linspace(-5, 5, knots), (scores, 1)))
        self.knots = self.add_weight(shape=(scores, knots), initializer=start, trainable=False, name="knots")
        self.scales = self.add_weight(shape=(scores,), initializer="ones", trainable=False, name="scales")
        self.reach = self.add_weight(shape=(), initializer="ones", trainable=False, name="reach")
        self.built = True

    def adapt(self, scores: Float[np.ndarray, "n scores"]) -> None:
        """Take rareness from the scores `(n, scores)` of background events that no classifier has learned from.

        Raises:
            InputError: if there are too few.
        """
        n_events = len(scores)
        if n_events < _FEWEST:
            raise InputError(
                f"Too few events to calibrate scores. Expected: at least {_FEWEST}. Received: {n_events}."
            )
        n_tail = min(n_events // 2, math.ceil(2 * math.sqrt(n_events)))
        reach = math.log((n_events + 1) / n_tail)
        rarities = np.linspace(0, reach, self.n_knots)
        self.knots.assign(np.quantile(scores, 1 - np.exp(-rarities), axis=0, method="weibull").T)
        self.scales.assign([tail_scale(column, n_tail) for column in scores.T])
        self.reach.assign(reach)

    def call(self, x: KerasTensor) -> KerasTensor:
        """The rareness of scores `(n, scores)`, of the same shape; zero below all calibration events."""
        columns = [self._rareness(x[:, i], self.knots[i], self.scales[i]) for i in range(self.scores)]
        return ops.stack(columns, axis=1)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "scores": self.scores, "knots": self.n_knots}

    def _rareness(self, x: KerasTensor, knots: KerasTensor, scale: KerasTensor) -> KerasTensor:
        left = ops.clip(ops.searchsorted(knots, x, side="left") - 1, 0, self.n_knots - 2)
        start, end = ops.take(knots, left), ops.take(knots, left + 1)
        part = ops.clip((x - start) / ops.maximum(end - start, 1e-30), 0.0, 1.0)
        within = (ops.cast(left, x.dtype) + part) * self.reach / (self.n_knots - 1)
        return within + ops.maximum(x - knots[-1], 0.0) / scale


def tail_scale(values: Float[np.ndarray, " n"], n_tail: int, *, expected: float = 1.0) -> float:
    """The scale of an exponential tail: the mean excess of the `n_tail` highest values over the lowest of them.

    Args:
        values: of shape `(n,)`, at least `n_tail` of them.
        n_tail: how many belong to the tail.
        expected: an excess that counts as one more.
    """
    tail = np.sort(values)[-n_tail:]
    return float((np.sum(tail - tail[0]) + expected) / n_tail)
