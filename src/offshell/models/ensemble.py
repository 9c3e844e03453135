"""Several trainings of one detector as one detector: the mean of their ranks."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.detector import Detector

__all__ = ["Ensemble"]

_LARGEST_BATCH = 8192


@keras.saving.register_keras_serializable(package="offshell")
class Ensemble(Detector):
    r"""The mean over detectors of the rank of an event among background events, for each term.

    Members may differ in the scale of a term, as trainings with different seeds do; ranks have one scale. With $m$
    reference events, of which $b$ have a smaller and $e$ an equal value, the rank is $(b + e / 2) / m$. Above the
    largest reference $t$ it goes on to grow, by less than $1 / m$, so that events far beyond keep their order:
    $1 + (s - t) / ((s - t) + (t - \mathrm{median})) / m$. That part is an order, not a probability.

    Terms: those of the members. Weighted sums are sums of mean ranks.

    Args:
        members: trained detectors of one kind.
        shape: shape of one event, such as `(57,)`.
        n_references: background events that `adapt` keeps the ranks of.

    Raises:
        InputError: if there is no member.
    """

    def __init__(
        self,
        members: Sequence[Detector],
        *,
        shape: tuple[int, ...],
        n_references: int = 10_000,
        **options: Any,
    ) -> None:
        super().__init__(shape=shape, **options)
        if not members:
            raise InputError("An ensemble without members. Expected: at least one detector. Received: none.")
        self.members, self.n_references = list(members), n_references
        self.term_names = list(self.members[0].outline(self.shape))
        for member in self.members[1:]:
            member.prepare(self.shape)
        self.references = self.add_weight(
            shape=(len(self.members), len(self.term_names), n_references),
            initializer="zeros",
            trainable=False,
            name="references",
        )
        self.trainable = False

    @property
    def default_loss(self) -> str:
        """What the members were made for."""
        return self.members[0].default_loss

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Take the ranks from background events of shape `(n, *shape)`, the first `n_references` of them.

        No member may have learned from these events: their own training events have lower scores than others.

        Raises:
            InputError: if there are fewer.
        """
        if len(x) < self.n_references:
            raise InputError(
                f"Too few events for the ranks of an ensemble. Expected: at least {self.n_references}. Received: {len(x)}."
            )
        self.prepare(self.shape)
        self.references.assign(
            np.sort([self._values(member, x[: self.n_references]) for member in self.members], axis=-1)
        )

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:  # noqa: ARG002 - Keras' signature
        """The mean ranks of a batch of events, each of shape `(n,)`."""
        by_member = [member(x, training=False) for member in self.members]
        return {
            name: ops.mean(
                ops.stack([_rank(terms[name], self.references[m, t]) for m, terms in enumerate(by_member)]),
                axis=0,
            )
            for t, name in enumerate(self.term_names)
        }

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The codes that the first member gives to a batch of events."""
        return self.members[0].latents(x)

    def reconstruct(self, x: KerasTensor) -> KerasTensor | None:
        """The reconstructions by the first member of a batch of events."""
        return self.members[0].reconstruct(x)

    def scaled(self, x: KerasTensor) -> KerasTensor:
        """The events as the first member scales them."""
        return self.members[0].scaled(x)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        config = super().get_config()
        return {**config, "members": self.members, "shape": self.shape, "n_references": self.n_references}

    def _values(self, member: Detector, x: Float[np.ndarray, "n ..."]) -> Float[np.ndarray, "terms n"]:
        parts = [x[start : start + _LARGEST_BATCH] for start in range(0, len(x), _LARGEST_BATCH)]
        terms = [member.terms_of(part) for part in parts]
        return np.stack(
            [np.concatenate([np.asarray(part[name]) for part in terms]) for name in self.term_names]
        )


def _rank(values: KerasTensor, references: KerasTensor) -> KerasTensor:
    n_references = references.shape[0]
    below = ops.searchsorted(references, values, side="left")
    not_above = ops.searchsorted(references, values, side="right")
    beyond = ops.maximum(values - references[-1], 0.0)
    reach = references[-1] - references[n_references // 2]
    tail = beyond / ops.maximum(beyond + reach, 1e-30)
    return (ops.cast(below + not_above, values.dtype) / 2 + tail) / n_references
