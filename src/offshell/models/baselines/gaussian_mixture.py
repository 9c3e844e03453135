"""A density of several Gaussians: what is improbable under the background is anomalous."""

import math
from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt
from sklearn import mixture
from threadpoolctl import threadpool_limits

from offshell.models.baselines.baseline import Baseline, check_count
from offshell.models.event_shapes import Shape
from offshell.models.settings import DetectorSettings

__all__ = ["GaussianMixture", "GaussianMixtureSettings"]

# No Gaussian is narrower than the root of this [units of the scaled features], also not for features that never vary.
_LEAST_VARIANCE = 1e-3


@keras.saving.register_keras_serializable(package="offshell")
class GaussianMixture(Baseline):
    r"""Negative log-likelihood under a mixture of Gaussians, $-\log \sum_k w_k N(x; \mu_k, \Sigma_k)$.

    Term: `nll`, equal to `-score_samples` of scikit-learn, which finds the mixture by expectation maximization
    (Dempster, Laird and Rubin, J. R. Stat. Soc. B 39 (1977) 1). As a score of the level-1 trigger it followed the
    VICReg embedding of AXOL1TL's research code.

    Args:
        shape: shape of one event, such as `(57,)`.
        components: number of Gaussians.
        seed: of the first guess.
    """

    default_loss = "nll"

    def __init__(self, *, shape: tuple[int, ...], components: int = 8, seed: int = 0, **options: Any) -> None:
        check_count("components", components, least=1)
        super().__init__(shape=shape, least=max(components, 2), **options)
        self.components, self.seed = components, seed
        fixed = {"initializer": "zeros", "trainable": False}
        self.heights = self.add_weight(shape=(components,), name="heights", **fixed)
        self.means = self.add_weight(shape=(components, self.features), name="means", **fixed)
        self.whitenings = self.add_weight(
            shape=(components, self.features, self.features), name="whitenings", **fixed
        )

    def estimate(self, x: Float[np.ndarray, "n features"]) -> None:
        """Find the Gaussians that describe background events best."""
        gaussians = mixture.GaussianMixture(
            self.components, reg_covar=_LEAST_VARIANCE, max_iter=500, random_state=self.seed
        )
        with threadpool_limits(1):  # no slower, and 25 times faster where another job has one of the cores
            fitted = gaussians.fit(x.astype(np.float64))
        whitenings = fitted.precisions_cholesky_
        widths = np.log(np.diagonal(whitenings, axis1=1, axis2=2)).sum(axis=1)
        self.heights.assign(np.log(fitted.weights_) + widths - self.features / 2 * math.log(2 * math.pi))
        self.means.assign(fitted.means_)
        self.whitenings.assign(whitenings)

    def anomaly(self, x: KerasTensor) -> KerasTensor:
        """The negative log-likelihood of each event."""
        white = ops.einsum("nkf,kfg->nkg", x[:, None, :] - self.means, self.whitenings)
        return -ops.logsumexp(self.heights - ops.sum(ops.square(white), axis=-1) / 2, axis=1)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "components": self.components, "seed": self.seed}


class GaussianMixtureSettings(DetectorSettings):
    """A `GaussianMixture`."""

    kind: Literal["gaussian-mixture"] = "gaussian-mixture"
    components: PositiveInt = 8

    def detector(self, shape: Shape, *, seed: int) -> GaussianMixture:
        """The detector without Gaussians, which `adapt` finds; the seed is that of the first guess."""
        return GaussianMixture(shape=shape, seed=seed, scaling=self.scaling_of(shape), **self.options)
