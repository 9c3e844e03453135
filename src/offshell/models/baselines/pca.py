"""Principal component analysis, the linear autoencoder that needs no training."""

from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt
from sklearn import decomposition

from offshell.errors import InputError
from offshell.models import terms
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape
from offshell.models.settings import DetectorSettings

__all__ = ["PCA", "PCASettings"]


@keras.saving.register_keras_serializable(package="offshell")
class PCA(Detector):
    r"""Principal components of the background; anomalous is what lies far from their hyperplane.

    Terms: `mse`, the squared distance from the hyperplane, for images also `bce` and `dice` (`pixel_diff` of normalized
    images would be rounding: no principal component changes their sum). `adapt` (which `offshell.fit` calls) takes the
    mean and the leading singular vectors from the background, the best linear autoencoder there is: Baldi and Hornik,
    Neural Networks 2 (1989) 53.

    Args:
        components: number of principal components.
        shape: shape of one event, such as `(57,)` or `(40, 40, 1)`.
    """

    default_loss = "mse"

    def __init__(self, components: int, *, shape: tuple[int, ...], **options: Any) -> None:
        super().__init__(shape=shape, **options)
        self.components = components
        features = int(np.prod(shape))
        if components > features:
            raise InputError(
                f"Too many principal components. Expected: at most {features}, the size of an event. Received: {components}."
            )
        self.mean = self.add_weight(shape=(features,), initializer="zeros", trainable=False, name="mean")
        self.axes = self.add_weight(
            shape=(components, features), initializer="zeros", trainable=False, name="axes"
        )

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Take the mean and the principal axes from background events of shape `(n, *shape)`."""
        if len(x) < self.components:
            raise InputError(
                f"Too few events for the principal components. Expected: at least {self.components}. Received: {len(x)}."
            )
        super().adapt(x)
        # The covariance is a small difference of large numbers where features are far from zero.
        flat = np.asarray(self.scaled(x), np.float64).reshape(len(x), -1)
        # Of few events, the singular vectors are found sooner than those of a large covariance.
        solver = "full" if len(flat) < flat.shape[1] else "covariance_eigh"
        fitted = decomposition.PCA(self.components, svd_solver=solver).fit(flat)
        self.mean.assign(fitted.mean_)
        self.axes.assign(fitted.components_)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:  # noqa: ARG002 - Keras' signature
        """The terms of a batch of events, each of shape `(n,)`."""
        centered = self._centered(x)
        distance = terms.mse(centered, ops.matmul(self._components(centered), self.axes))
        compared = terms.reconstruction(self.scaled(x), self.reconstruct(x), fixed_sum=True)
        return {**compared, "mse": distance}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The principal components of a batch of events, `{"components": (n, components)}`."""
        return {"components": self._components(self._centered(x))}

    def reconstruct(self, x: KerasTensor) -> KerasTensor:
        """The projections of a batch of scaled events onto the hyperplane, of the same shape."""
        projected = ops.add(ops.matmul(self.latents(x)["components"], self.axes), self.mean)
        return ops.reshape(projected, (-1, *self.shape))

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "components": self.components, "shape": self.shape}

    def _centered(self, x: KerasTensor) -> KerasTensor:
        return ops.reshape(self.scaled(x), (-1, int(np.prod(x.shape[1:])))) - self.mean

    def _components(self, centered: KerasTensor) -> KerasTensor:
        return ops.matmul(centered, ops.transpose(self.axes))


class PCASettings(DetectorSettings):
    """A `PCA`."""

    kind: Literal["pca"] = "pca"
    components: PositiveInt = 96

    def detector(self, shape: Shape, *, seed: int) -> PCA:  # noqa: ARG002 - there is nothing to draw
        """The detector without components, which `adapt` finds."""
        return PCA(self.components, shape=shape, scaling=self.scaling_of(shape))
