"""What every detector is: a Keras model from events to named terms, trained on a weighted sum of them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.models import weighted_sum

__all__ = ["Detector"]


class Detector(keras.Model):
    """A Keras model whose call gives `{"term": (n,)}`, one number for each event and term, higher = more anomalous.

    Subclasses are final and define `call`, `default_loss` and `get_config`. `offshell.fit` trains any of them;
    `model.compile(optimizer, loss="bce + 3 * kl_gaussian")` and `model.fit(x)` of Keras work as well.
    """

    @property
    @abstractmethod
    def default_loss(self) -> str:
        """The weighted sum of terms that trains this detector when no other is asked for."""

    @abstractmethod
    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events; deterministic and event by event unless `training`."""

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Estimate from background events whatever is not learned by gradient (a mean, principal components)."""

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """Make the detector again, its networks included."""
        return cls(
            **{
                key: keras.saving.deserialize_keras_object(value, custom_objects)
                for key, value in config.items()
            }
        )

    def loss_of(self, terms: Mapping[str, KerasTensor], loss: str) -> KerasTensor:
        """The mean over the batch of a weighted sum of terms, a scalar."""
        return ops.mean(weighted_sum.evaluate(loss, terms))

    def compile(self, optimizer: Any = "adam", loss: str | None = None, **options: Any) -> None:
        """Prepare for `keras.Model.fit`, with a weighted sum of terms as the loss (default: `default_loss`)."""
        super().compile(optimizer=optimizer, **options)
        self.loss_expression = loss or self.default_loss

    def compute_loss(
        self,
        x: Any = None,  # noqa: ARG002
        y: Any = None,  # noqa: ARG002
        y_pred: Any = None,
        sample_weight: Any = None,  # noqa: ARG002
        training: bool = True,  # noqa: ARG002
    ) -> KerasTensor:
        """The loss that `keras.Model.fit` minimizes, from the terms `y_pred`."""
        return self.loss_of(y_pred, self.loss_expression) + sum(self.losses)
