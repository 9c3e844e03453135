"""How rare a mass is among background jets."""

import math
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from scipy.stats import gaussian_kde

from offshell.models.outlier_exposure.calibration import tail_scale

__all__ = ["MassSpectrum"]

_N_KNOTS = 200
_N_EVENTS = 20_000


@keras.saving.register_keras_serializable(package="offshell")
class MassSpectrum(keras.layers.Layer):
    r"""The negative logarithm of the mass spectrum of the background, $-\ln p_b(m)$ with $m$ in GeV.

    A kernel density estimate (Scott's rule) up to where $2 \sqrt n$ events are left, an exponential beyond.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        fixed = {"initializer": "zeros", "trainable": False}
        self.lowest = self.add_weight(shape=(), name="lowest", **fixed)
        self.step = self.add_weight(shape=(), initializer="ones", trainable=False, name="step")
        self.rarities = self.add_weight(shape=(_N_KNOTS,), name="rarities", **fixed)
        self.scale = self.add_weight(shape=(), initializer="ones", trainable=False, name="scale")
        self.built = True

    def adapt(self, mass: Float[np.ndarray, " n"]) -> None:
        """Estimate the spectrum from the masses of background events in GeV, shape `(n,)`."""
        n_tail = min(len(mass) // 2, math.ceil(2 * math.sqrt(len(mass))))
        grid = np.linspace(mass.min(), np.sort(mass)[-n_tail], _N_KNOTS)
        self.lowest.assign(grid[0])
        self.step.assign(grid[1] - grid[0])
        self.rarities.assign(-gaussian_kde(mass[:_N_EVENTS]).logpdf(grid))
        self.scale.assign(tail_scale(mass, n_tail))

    def call(self, mass: KerasTensor) -> KerasTensor:
        """The rareness of masses in GeV, of the same shape."""
        place = ops.maximum((mass - self.lowest) / self.step, 0.0)
        left = ops.clip(ops.cast(place, "int32"), 0, _N_KNOTS - 2)
        part = ops.minimum(place - ops.cast(left, place.dtype), 1.0)
        start, end = ops.take(self.rarities, left), ops.take(self.rarities, left + 1)
        beyond = ops.maximum(place - (_N_KNOTS - 1), 0.0) * self.step / self.scale
        return start + part * (end - start) + beyond
