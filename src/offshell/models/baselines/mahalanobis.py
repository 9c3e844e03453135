"""The Mahalanobis distance, a Gaussian's idea of what is anomalous."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from sklearn.covariance import LedoitWolf

from offshell.models.baselines.baseline import Baseline
from offshell.models.event_shapes import Shape
from offshell.models.settings import DetectorSettings

__all__ = ["Mahalanobis", "MahalanobisSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Mahalanobis(Baseline):
    r"""Squared distance from the background's mean in units of its covariance, $(x - \mu)^T \Sigma^{-1} (x - \mu)$.

    Term: `mahalanobis`. Source: Mahalanobis, Proc. Natl. Inst. Sci. India 2 (1936) 49. The covariance is shrunk towards
    a multiple of the identity by the amount that Ledoit and Wolf (J. Multivar. Anal. 88 (2004) 365) find best; that
    also gives features that never vary, such as those of padded objects, a finite width.

    Args:
        shape: shape of one event, such as `(57,)`.
    """

    default_loss = "mahalanobis"

    def __init__(self, *, shape: tuple[int, ...], **options: Any) -> None:
        super().__init__(shape=shape, **options)
        size = self.features
        self.mean = self.add_weight(shape=(size,), initializer="zeros", trainable=False, name="mean")
        self.whitening = self.add_weight(
            shape=(size, size), initializer="zeros", trainable=False, name="whitening"
        )

    def estimate(self, x: Float[np.ndarray, "n features"]) -> None:
        """Take the mean and the inverse root of the covariance from background events."""
        fitted = LedoitWolf().fit(x.astype(np.float64))
        self.mean.assign(fitted.location_)
        self.whitening.assign(np.linalg.cholesky(fitted.precision_))

    def anomaly(self, x: KerasTensor) -> KerasTensor:
        """The squared distance of each event."""
        return ops.sum(ops.square(ops.matmul(x - self.mean, self.whitening)), axis=1)


class MahalanobisSettings(DetectorSettings):
    """A `Mahalanobis` distance."""

    kind: Literal["mahalanobis"] = "mahalanobis"

    def detector(self, shape: Shape, *, seed: int) -> Mahalanobis:  # noqa: ARG002 - there is nothing to draw
        """The detector without a covariance, which `adapt` finds."""
        return Mahalanobis(shape=shape, scaling=self.scaling_of(shape))
