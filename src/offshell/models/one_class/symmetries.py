"""What no detector should see: an event that is turned about the beam, or mirrored along it, is as likely as before."""

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.inputs.hardware import SCALES
from offshell.inputs.objects import FEATURES, N_FEATURES, N_OBJECTS
from offshell.models.event_shapes import Shape

__all__ = ["Symmetries", "symmetries_of"]

# Whole counts of every object in hardware units: muons have four times as many in a turn.
_STEPS = min(scale.phi_steps for scale in SCALES)


@keras.saving.register_keras_serializable(package="offshell")
class Symmetries(keras.layers.Layer):
    """In training, turns each event by a random angle in phi and mirrors half of them in eta; the identity otherwise.

    Events are the 57 numbers of 19 objects, not scaled, in radians (phi from -pi to pi) or in the counts of the hardware
    (from 0); which of both is told by the background that `adapt` sees. Angles are multiples of 2.5 degrees. Padding stays
    padding. All objects of an event are turned alike, the missing momentum too.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator()
        fixed = {"shape": (N_OBJECTS,), "trainable": False}
        self.turn = self.add_weight(initializer=keras.initializers.Constant(2 * np.pi), name="turn", **fixed)
        self.begin = self.add_weight(initializer=keras.initializers.Constant(-np.pi), name="begin", **fixed)
        self.built = True  # there is nothing that depends on the shape of the events

    def adapt(self, x: Float[np.ndarray, "n 57"]) -> None:
        """Find out from background events whether phi stands in radians or in counts."""
        if np.abs(np.reshape(x, (-1, N_OBJECTS, len(FEATURES)))[..., 2]).max() > np.pi + 1e-3:
            self.begin.assign(np.zeros(N_OBJECTS))
            self.turn.assign(_turns_in_counts())

    def call(self, x: KerasTensor, training: bool = False) -> KerasTensor:
        """Turned and mirrored events of the same shape, anew at each call."""
        return self.turned(x, seed=self.seed_generator) if training else x

    def turned(self, x: KerasTensor, *, seed: keras.random.SeedGenerator) -> KerasTensor:
        """The same with another source of random numbers, which has to be that of the model that is trained."""
        pt, eta, phi = ops.unstack(ops.reshape(x, (-1, N_OBJECTS, len(FEATURES))), axis=-1)
        steps, mirrored = (keras.random.randint((ops.shape(x)[0], 1), 0, n, seed=seed) for n in (_STEPS, 2))
        angle = ops.cast(steps, x.dtype) * (self.turn / _STEPS)
        turned = (phi - self.begin + angle) % self.turn + self.begin
        sign = 1.0 - 2.0 * ops.cast(mirrored, x.dtype)
        objects = ops.stack([pt, sign * eta, ops.where(pt > 0, turned, 0.0)], axis=-1)
        return ops.reshape(objects, ops.shape(x))


def symmetries_of(shape: Shape) -> Symmetries | None:
    """Those of events of a shape; none are known of other things than the 57 numbers of trigger objects."""
    return Symmetries() if shape == (N_FEATURES,) else None


def _turns_in_counts() -> Float[np.ndarray, " objects"]:
    turns = np.zeros(N_OBJECTS)
    for scale in SCALES:
        turns[scale.rows] = scale.phi_steps
    return turns
