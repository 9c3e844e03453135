"""The normalizing flow for vectors: an exact likelihood."""

import math
from typing import Any, Literal

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops
from pydantic import PositiveInt

from offshell.errors import InputError
from offshell.models.densities.flows.cloud_flow import CloudFlow
from offshell.models.densities.flows.coupling_flow import CouplingFlow
from offshell.models.detector import check_number
from offshell.models.event_shapes import Shape, cloud_shape, is_cloud
from offshell.models.settings import DetectorSettings

__all__ = ["Flow", "FlowSettings"]

Vectors = Float[np.ndarray, "n features"]

# A value that more events than this share is no accident of rounding.
_MOST_ALIKE = 0.05


@keras.saving.register_keras_serializable(package="offshell")
class Flow(CouplingFlow):
    """A normalizing flow for vectors of continuous features.

    Terms: `nll`, the negative log-likelihood [nats] in the units of the scaled event, and `z2`, the squared length of the
    normal coordinates. Source: Dinh, Sohl-Dickstein and Bengio (arXiv:1605.08803); Durkan, Bekasov, Murray and
    Papamakarios (arXiv:1906.04032). Who is anomalous depends on the features: the likelihood is a density, which
    changes with every change of coordinates (Le Lan and Dinh, arXiv:2012.03808).

    Args:
        shape: shape of one event, such as `(12,)`.
        options: those of `CouplingFlow`: `transform`, `layers`, `hidden`, `seed`, `scaling`.

    Example:
        >>> from offshell.models import Flow
        >>> model = Flow(shape=(12,), transform="affine", layers=4, hidden=(32,))
    """

    def __init__(self, *, shape: tuple[int, ...], **options: Any) -> None:
        super().__init__(math.prod(shape), 0, shape=shape, **options)

    def adapt(self, x: Vectors) -> None:
        """Estimate the scaling from background events.

        Raises:
            InputError: if many events share the value of a feature, padding for example: that has no density.
        """
        for feature, values in enumerate(x.T):
            _check_continuous(values, feature)
        super().adapt(x)

    def parts(self, x: KerasTensor) -> tuple[KerasTensor, KerasTensor, KerasTensor]:
        """All features are there, and there is no condition."""
        return x, ops.ones_like(x, dtype="bool"), x[:, :0]

    def generate(self, n_events: int, *, seed: int) -> Vectors:
        """Events drawn from the flow, `(n_events, features)` float32 in the units of those that it was trained on.

        Raises:
            InputError: if there are no events to make.
        """
        check_number(n_events)
        x = self.drawn(np.ones((n_events, *self.shape), bool), np.zeros((n_events, 0), np.float32), seed=seed)
        return np.asarray(self.unscaled(x))


def _check_continuous(values: Float[np.ndarray, " n"], feature: int) -> None:
    found, counts = np.unique(values, return_counts=True)
    if counts.max() > max(1, _MOST_ALIKE * len(values)):
        raise InputError(
            f"Feature {feature} has no density. Expected: a continuous feature. Received: {counts.max()} of {len(values)} "
            f"events with the value {found[counts.argmax()]:g}."
        )


class FlowSettings(DetectorSettings):
    """A `Flow`, of clouds a `CloudFlow`; the coordinates of its likelihood are not to be chosen."""

    kind: Literal["flow"] = "flow"
    scaling: Literal["standard", "clipped"] = "standard"
    transform: Literal["affine", "spline"] = "spline"
    layers: PositiveInt = 6
    hidden: list[PositiveInt] = [64, 64]

    def detector(self, shape: Shape, *, seed: int) -> CouplingFlow:
        """The flow for events of that shape; the seed is that of the halves that are transformed in turn."""
        if is_cloud(shape):
            return CloudFlow(shape=cloud_shape(shape), seed=seed, **self.options)
        return Flow(shape=shape, seed=seed, scaling=self.scaling_of(shape), **self.options)
