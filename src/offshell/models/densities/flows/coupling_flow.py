"""What flows have in common: events become normal coordinates, whose density and the change of volume give theirs."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Literal

import jax
import keras
import numpy as np
from jaxtyping import Bool, Float
from keras import KerasTensor

from offshell.models import terms
from offshell.models.densities.flows.coupling import CouplingChain, normal_nll
from offshell.models.detector import Detector

__all__ = ["CouplingFlow"]

_BATCH = 1024


class CouplingFlow(Detector):
    r"""A normalizing flow of coupling layers, $-\log p(x) = -\log N(f(x)) - \log |\det \partial f / \partial x|$.

    Abstract: `Flow` and `CloudFlow` say what the features of an event are. Terms: `nll`, exact and event by event, and `z2`, $|f(x)|^2$,
    which leaves out the change of volume and with it most of what depends on the choice of coordinates.

    Args:
        features: number of features.
        condition_size: size of the condition that the networks see.
        shape: shape of one event.
        transform: of each feature, `"affine"` or `"spline"`. Affine ones train three times faster; splines fit better and, the
            identity beyond 5 widths, never throw a feature far out when they generate.
        layers: number of coupling layers.
        hidden: widths of the hidden layers of each network.
        seed: of the halves that are transformed in turn.
    """

    default_loss = "nll"

    def __init__(
        self,
        features: int,
        condition_size: int,
        *,
        shape: tuple[int, ...],
        transform: Literal["affine", "spline"] = "spline",
        layers: int = 6,
        hidden: Sequence[int] = (64, 64),
        seed: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(shape=shape, **options)
        self.settings: dict[str, Any] = {
            "transform": transform,
            "layers": layers,
            "hidden": tuple(hidden),
            "seed": seed,
        }
        self.chain = CouplingChain(features, condition_size=condition_size, **self.settings)

    @abstractmethod
    def parts(self, x: KerasTensor) -> tuple[KerasTensor, KerasTensor, KerasTensor]:
        """What the chain takes of scaled events: features, whether they are there, and the condition."""

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:  # noqa: ARG002 - the same in training
        """The terms of a batch of events, each of shape `(n,)`."""
        features, present, condition = self.parts(self.scaled(x))
        z, log_det = self.chain(features, present, condition)
        return {"nll": normal_nll(z, present) - log_det, "z2": terms.mu2(z)}

    def latents(self, x: KerasTensor) -> dict[str, KerasTensor]:
        """The normal coordinates of a batch of events, `{"normal": (n, features)}`."""
        z, _ = self.chain(*self.parts(self.scaled(x)))
        return {"normal": z}

    def drawn(
        self,
        present: Bool[np.ndarray, "n features"],
        condition: Float[np.ndarray, "n condition_size"],
        *,
        seed: int,
    ) -> Float[np.ndarray, "n features"]:
        """Features drawn from the flow, in the units of scaled events; the same seed gives the same.

        Args:
            present: whether a feature is there, `(n, features)`.
            condition: what the networks see, `(n, condition_size)`.
            seed: of the normal coordinates.
        """
        n = len(present)
        size = min(_BATCH, 1 << (n - 1).bit_length())
        n_filled = -(-n // size) * size  # a short batch would be compiled anew
        noise = np.random.default_rng(seed).standard_normal((n_filled, present.shape[1]), np.float32)
        filled = [np.resize(array, (n_filled, array.shape[1])) for array in (present, condition)]
        noise[~filled[0]] = 0
        weights = [variable.value for variable in self.chain.variables]
        batches = [
            self._compiled_inverse(weights, *(array[begin : begin + size] for array in (noise, *filled)))
            for begin in range(0, n_filled, size)
        ]
        return np.concatenate(batches)[:n]

    def unscaled(self, x: KerasTensor) -> KerasTensor:
        """The events that scaled ones came from, of the same shape."""
        return x if self.scaling is None else self.scaling.inverse(x)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the model again."""
        return {**super().get_config(), "shape": self.shape, **self.settings}

    @cached_property
    def _compiled_inverse(self) -> Callable[..., KerasTensor]:
        def inverse(weights: list[jax.Array], *arguments: jax.Array) -> KerasTensor:
            with keras.StatelessScope(state_mapping=zip(self.chain.variables, weights, strict=True)):
                return self.chain.inverse(*arguments)

        return jax.jit(inverse)
