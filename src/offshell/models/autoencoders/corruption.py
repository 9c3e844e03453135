"""Corrupted events for training: what a detector should see through."""

import math
from typing import Any

import keras
from keras import KerasTensor, ops

from offshell.inputs.objects import FEATURES
from offshell.models.event_shapes import Shape, is_vector
from offshell.models.scaling.events import Scaling

__all__ = ["Corruption", "corruption_of"]


@keras.saving.register_keras_serializable(package="offshell")
class Corruption(keras.layers.Layer):
    """In training, smears every feature that is not zero and leaves out whole objects at random; the identity otherwise.

    Padding stays padding. Masking objects and smearing features is how the AXOL1TL group of CMS makes two views of one
    event (github.com/dc250601/TechStudent24).

    Args:
        noise: standard deviation of the Gaussian smearing, in units of the (scaled) features.
        masking: probability that an object is left out.
        group: number of features of each object; one for images.
    """

    def __init__(self, *, noise: float = 0.1, masking: float = 0.1, group: int = 3, **options: Any) -> None:
        super().__init__(**options)
        self.noise, self.masking, self.group = noise, masking, group
        self.seed_generator = keras.random.SeedGenerator()
        self.built = True  # there is nothing that depends on the shape of the events

    def call(self, x: KerasTensor, training: bool = False) -> KerasTensor:
        """Corrupted events of the same shape."""
        return self._smeared(x) * self._kept(x) if training else x

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "noise": self.noise, "masking": self.masking, "group": self.group}

    def _smeared(self, x: KerasTensor) -> KerasTensor:
        noise = keras.random.normal(ops.shape(x), stddev=self.noise, seed=self.seed_generator)
        return ops.where(ops.equal(x, 0), 0.0, x + noise)

    def _kept(self, x: KerasTensor) -> KerasTensor:
        """One for the features of the objects that stay, zero for the others."""
        n_objects = math.prod(x.shape[1:]) // self.group
        chance = keras.random.uniform((ops.shape(x)[0], n_objects), seed=self.seed_generator)
        kept = ops.repeat(ops.cast(chance >= self.masking, x.dtype), self.group, axis=1)
        return ops.reshape(kept, ops.shape(x))


def corruption_of(shape: Shape, scaling: Scaling | None, *, noise: float, masking: float) -> Corruption:
    """Objects of an event are masked as a whole, pixels of an image and observables one by one.

    Args:
        shape: of one event.
        scaling: of the event, which knows whether its features are those of objects.
        noise: see `Corruption`.
        masking: likewise.
    """
    unscaled = len(FEATURES) if is_vector(shape) and not shape[0] % len(FEATURES) else 1
    return Corruption(noise=noise, masking=masking, group=scaling.group if scaling else unscaled)
