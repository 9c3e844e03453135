"""What every detector is: a Keras model from events to named terms, trained on a weighted sum of them."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Self

import jax
import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.scaling.events import Scaling
from offshell.models.terms import weighted_sum

__all__ = ["Detector", "check_number"]


class Detector(keras.Model):
    """A Keras model whose call gives `{"term": (n,)}`, one number for each event and term, higher = more anomalous.

    Subclasses are final and define `call`, `default_loss` and `get_config`. `offshell.fit` trains any of them;
    `model.compile(optimizer, loss="bce + 3 * kl_gaussian")` and `model.fit(x)` of Keras work as well.

    Args:
        shape: shape of one event.
        scaling: layer that scales events before anything else sees them; `None` takes them as they are. Terms,
            latent coordinates and reconstructions are those of the scaled event.
    """

    momentum: float = 0.9
    """How much of the earlier gradients `offshell.fit` keeps in each step, the beta_1 of Adam."""
    validated_by: str | None = None
    """The term that `offshell.fit` compares epochs by where its loss cannot, as in a game of two networks."""

    def __init__(self, *, shape: tuple[int, ...], scaling: Scaling | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.shape, self.scaling = tuple(shape), scaling
        if scaling is not None and not scaling.built:
            scaling.build((None, *shape))

    @property
    @abstractmethod
    def default_loss(self) -> str:
        """The weighted sum of terms that trains this detector when no other is asked for."""

    @abstractmethod
    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of events; deterministic and event by event unless `training`."""

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Estimate from background events whatever is not learned by gradient (a scaling, principal components)."""
        if self.scaling is not None:
            self.scaling.adapt(x)

    def expose(self, outliers: Mapping[str, Float[np.ndarray, "n ..."]]) -> None:
        """Take artificial outliers to learn from, `{family: (n, *shape)}`.

        Raises:
            InputError: if the detector learns from background alone.
        """
        raise InputError(
            f"The detector takes no outliers. Expected: OutlierExposure. Received: {type(self).__name__} and "
            f"outliers of {', '.join(outliers)}."
        )

    def calibrate(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Take from background events that it was not trained on, after training, whatever measures its scores."""

    def pretraining(self) -> "Detector | None":
        """A detector that shares networks with this one and that `offshell.fit` trains before it; `None` for most."""
        return None

    def conclude(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Estimate from background events what rests on trained networks, and warn if their training has failed.

        `offshell.fit` calls it at its end.
        """

    def relative_rate(self, variable: keras.Variable) -> float:  # noqa: ARG002 - for subclasses
        """How far `offshell.fit` moves a trainable weight, in units of the step of its optimizer."""
        return 1.0

    def scaled(self, x: KerasTensor) -> KerasTensor:
        """Events as the networks see them, of the same shape."""
        return x if self.scaling is None else self.scaling(x)

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:  # noqa: ARG002 - for subclasses
        """Latent coordinates of a batch of events by name, each `(n, size)`; empty for a detector that has none."""
        return {}

    def reconstruct(self, x: KerasTensor) -> KerasTensor | None:  # noqa: ARG002 - for subclasses
        """The reconstructions of a batch of events, to be compared with `scaled(x)`; `None` where there is no such thing."""
        return None

    def generate(self, n_events: int, *, seed: int) -> Float[np.ndarray, "n_events ..."]:  # noqa: ARG002 - for subclasses
        """New events as those that the detector was trained on, not scaled; the same seed gives the same events.

        Raises:
            InputError: if the detector does not learn how events are distributed.
        """
        raise InputError(
            "The detector does not generate. Expected: a flow, flow matching, diffusion, a GAN or a VAE. "
            f"Received: {type(self).__name__}."
        )

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "scaling": self.scaling}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Self:
        """Make the detector again, its networks included."""
        return cls(
            **{
                key: keras.saving.deserialize_keras_object(value, custom_objects)
                for key, value in config.items()
            }
        )

    def outline(self, shape: tuple[int, ...], *, training: bool = False) -> dict[str, KerasTensor]:
        """The terms as symbols, for events of a shape without the first axis; builds the weights, computes nothing.

        With `training` there may be more of them: terms that need a whole batch or random numbers.

        Raises:
            InputError: if events of that shape do not fit, or Keras runs on another backend than JAX.
        """
        self._refuse_other(shape)
        return dict(self(keras.Input(shape), training=training))

    def prepare(self, shape: tuple[int, ...]) -> None:
        """Builds the weights if there are none yet.

        Raises:
            InputError: as for `outline`.
        """
        self._refuse_other(shape)
        if not self.built:
            self.outline(shape)

    def _refuse_other(self, shape: tuple[int, ...]) -> None:
        if keras.backend.backend() != "jax":
            raise InputError(
                "Keras runs on another backend. Expected: KERAS_BACKEND=jax, which `import offshell` sets if it comes "
                f"before `import keras`. Received: {keras.backend.backend()}."
            )
        if tuple(shape) != self.shape:
            raise InputError(
                f"Events do not fit the detector. Expected: the shape it was made for, {self.shape}. Received: {tuple(shape)}."
            )

    @cached_property
    def compiled_terms(self) -> Callable[..., dict[str, KerasTensor]]:
        """The terms as a compiled function of trainable weights, other weights and events, without training."""
        return jax.jit(lambda weights, others, x: self.stateless_call(weights, others, x, training=False)[0])

    def terms_of(self, x: Float[np.ndarray, "n ..."]) -> dict[str, KerasTensor]:
        """The terms of a batch of events, compiled, with the weights that the detector has now."""
        groups = (self.trainable_variables, self.non_trainable_variables)
        return self.compiled_terms(*([variable.value for variable in group] for group in groups), x)

    def loss_of(self, terms: Mapping[str, KerasTensor], loss: str) -> KerasTensor:
        """The mean over the batch of a weighted sum of terms, a scalar."""
        return ops.mean(weighted_sum.evaluate(loss, terms))

    def compile(self, optimizer: Any = "adam", loss: str | None = None, **options: Any) -> None:
        """Prepare for `keras.Model.fit`, with a weighted sum of terms as the loss (default: `default_loss`)."""
        super().compile(optimizer=optimizer, **options)
        self.loss_expression = loss or self.default_loss

    def get_compile_config(self) -> dict[str, Any] | None:
        """What Keras needs to compile the model again after loading; nothing if it was not compiled."""
        if not self.compiled:
            return None
        optimizer = keras.saving.serialize_keras_object(self.optimizer)
        return {"optimizer": optimizer, "loss": self.loss_expression}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile the model as it was when it was saved."""
        self.compile(keras.saving.deserialize_keras_object(config["optimizer"]), config["loss"])
        self.optimizer.build(self.trainable_variables)

    def fit(self, x: Any = None, *arguments: Any, **options: Any) -> Any:
        """Keras' own training, between `adapt` and `conclude`; `offshell.fit` is the faster way."""
        self.adapt(np.asarray(x))
        history = super().fit(x, *arguments, **options)
        self.conclude(np.asarray(x))
        return history

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


def check_number(n_events: int) -> None:
    """Raises InputError if there are no events to make."""
    if n_events < 1:
        raise InputError(f"Wrong number of events. Expected: at least 1. Received: n_events={n_events}.")
