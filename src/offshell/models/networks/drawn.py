"""Layers of Keras whose first weights NumPy draws: JAX compiles a draw for every shape, in up to seconds of CPU each."""

import math
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import KerasTensor, layers, ops

__all__ = ["Conv2D", "Dense", "GlorotUniform", "MultiHeadAttention"]


@keras.saving.register_keras_serializable(package="offshell")
class GlorotUniform(keras.initializers.GlorotUniform):
    r"""Uniform within $\pm\sqrt{6 / (n_\mathrm{in} + n_\mathrm{out})}$ (Glorot and Bengio, AISTATS 2010), as in Keras.

    Keras gives each layer a seed of its own from Python's global generator, as it does for its own initializers.
    """

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> KerasTensor:
        """The weights of a layer; the same seed and shape give the same ones."""
        limit = math.sqrt(6 / sum(_fans(shape)))
        drawn = np.random.default_rng(self.seed).uniform(-limit, limit, shape)
        return ops.convert_to_tensor(drawn.astype(np.float32), dtype=dtype or keras.config.floatx())


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Numbers that enter a unit and that it enters; all axes but the last two are those of a kernel that moves."""
    *moved, n_in, n_out = shape
    return math.prod(moved) * n_in, math.prod(moved) * n_out


# A class stands for a new initializer for each layer.
Dense = partial(layers.Dense, kernel_initializer=GlorotUniform)
Conv2D = partial(layers.Conv2D, kernel_initializer=GlorotUniform)
MultiHeadAttention = partial(layers.MultiHeadAttention, kernel_initializer=GlorotUniform)
