"""Observables that a trigger cuts on today: what every network has to stand beside."""

from typing import Any, Literal

import keras
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.inputs.objects import ELECTRONS, FEATURES, JETS, MET, MUONS, N_FEATURES, N_OBJECTS
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, n_features
from offshell.models.settings import DetectorSettings

__all__ = ["Observables", "ObservablesSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Observables(Detector):
    r"""Simple triggers on the 57 features of an event, with nothing to learn but the scaling.

    Terms: `ht`, the sum of the jets' pt, `met`, the missing transverse momentum, and `lepton_pt`, the pt of the leading
    electron, photon or muon, all in the units of the input (GeV), and `norm`, the squared norm of the scaled event
    $\sum_i x_i^2$, to which learned scores often come down (Vaselli et al., arXiv:2508.11594).
    """

    default_loss = "norm"

    def __init__(self, **options: Any) -> None:
        super().__init__(shape=(N_FEATURES,), **options)
        self.input_spec = keras.layers.InputSpec(shape=(None, N_FEATURES))

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:  # noqa: ARG002 - Keras' signature
        """The terms of a batch of events `(n, 57)`, each of shape `(n,)`."""
        pt = ops.reshape(x, (-1, N_OBJECTS, len(FEATURES)))[..., FEATURES.index("pt")]
        return {
            "ht": ops.sum(pt[:, JETS], axis=1),
            "met": ops.sum(pt[:, MET], axis=1),
            "lepton_pt": ops.max(pt[:, ELECTRONS.start : MUONS.stop], axis=1),
            "norm": ops.sum(ops.square(self.scaled(x)), axis=1),
        }


class ObservablesSettings(DetectorSettings):
    """The simple triggers of `Observables`."""

    kind: Literal["observables"] = "observables"

    def detector(self, shape: Shape, *, seed: int) -> Observables:  # noqa: ARG002 - there is nothing to draw
        """The detector, if events are the 57 features of trigger objects."""
        if n_features(shape) != N_FEATURES:
            raise InputError(
                f"These events have no such observables. Expected: inputs.kind = objects, {N_FEATURES} features. "
                f"Received: events of shape {shape}."
            )
        return Observables(scaling=self.scaling_of(shape))
