"""Residual networks that see a noisy event and how noisy it is; flow matching and diffusion train the same ones."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.event_shapes import N_COORDINATES
from offshell.models.networks.clouds.layers.epic import EPiC
from offshell.models.networks.drawn import Dense

__all__ = ["TimeFeatures", "cloud_velocity", "vector_velocity"]


@keras.saving.register_keras_serializable(package="offshell")
class TimeFeatures(layers.Layer):
    r"""Cosines of a time between 0 and 1, $\cos(k \pi t)$ for $k = 1 \ldots K$, as in EPiC-FM (arXiv:2310.00049).

    Args:
        frequencies: how many, K.
    """

    def __init__(self, *, frequencies: int = 16, **options: Any) -> None:
        super().__init__(**options)
        self.frequencies = frequencies

    def call(self, time: KerasTensor) -> KerasTensor:
        """From times `(n, 1)` to features `(n, frequencies)`."""
        return ops.cos(math.pi * time * ops.arange(1, self.frequencies + 1, dtype=time.dtype))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of the features."""
        return (input_shape[0], self.frequencies)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "frequencies": self.frequencies}


def vector_velocity(features: int, *, hidden: int = 128, blocks: int = 3) -> keras.Model:
    """A residual network for vectors to velocities `(n, features)`, zero for features that are not there.

    The inputs are `[x_t (n, features), time (n, 1), present (n, features)]`, the last one 1 for what is there.

    Args:
        features: of an event.
        hidden: width of all hidden layers.
        blocks: residual blocks; each sees the time again.
    """
    x_t, time, present = (
        keras.Input((size,), name=name)
        for name, size in (("x_t", features), ("time", 1), ("present", features))
    )
    condition = Dense(hidden, activation="silu")(TimeFeatures()(time))
    x = Dense(hidden)(layers.Concatenate()([x_t, present]))
    for _ in range(blocks):
        x = _residual_block(x, condition)
    velocity = layers.Multiply()([Dense(features)(layers.Activation("silu")(x)), present])
    return keras.Model([x_t, time, present], velocity, name="velocity")


def cloud_velocity(
    shape: tuple[int, int], *, hidden: int = 64, layers: int = 3, latent: int = 16
) -> keras.Model:
    """EPiC layers for particle clouds, permutation equivariant, to velocities `(n, particles, 3)`, zero for padding.

    The inputs are `[x_t (n, particles, 3), time (n, 1), condition (n, columns - 3), mask (n, particles, 1)]`; every layer
    sees time and condition again. Source: EPiC-FM (Buhmann, Ewen, Faroughy, Golling, Kasieczka, Leigh, Quétant,
    Raine, Sengupta and Shih, arXiv:2310.00049), which has 6 layers with hidden 128 and latent 10.

    Args:
        shape: particles and columns of a cloud: 4, or 5 with `jet_pt`.
        hidden: features of a particle in the network.
        layers: EPiC layers.
        latent: size of the global vector of the jet.
    """
    inputs = _cloud_inputs(*shape)
    x_t, time, condition, mask = inputs
    condition = keras.layers.Concatenate()([TimeFeatures()(time), condition])
    local = Dense(hidden, activation="leaky_relu")(x_t)
    jet = Dense(latent, activation="leaky_relu")(condition)
    for _ in range(layers):
        local, jet = EPiC(hidden, latent)([local, jet, mask, condition])
    velocity = keras.layers.Multiply()([Dense(N_COORDINATES)(local), mask])
    return keras.Model(inputs, velocity, name="velocity")


def _residual_block(x: KerasTensor, condition: KerasTensor) -> KerasTensor:
    width = x.shape[-1]
    found = Dense(width)(layers.Activation("silu")(x))
    found = layers.Add()([found, Dense(width, use_bias=False)(condition)])
    return layers.Add()([x, Dense(width)(layers.Activation("silu")(found))])


def _cloud_inputs(particles: int, columns: int) -> Sequence[KerasTensor]:
    shapes = {
        "x_t": (particles, N_COORDINATES),
        "time": (1,),
        "condition": (columns - N_COORDINATES,),
        "mask": (particles, 1),
    }
    return [keras.Input(shape, name=name) for name, shape in shapes.items()]
