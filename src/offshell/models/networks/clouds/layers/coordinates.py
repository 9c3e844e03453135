"""How networks see particles and how they make them, the same for every layout of the clouds."""

from typing import Any

import keras
from keras import KerasTensor, layers, ops

from offshell.models.networks.drawn import Dense
from offshell.models.terms.clouds import momenta

__all__ = ["ParticleFeatures", "ParticleHead"]

# Means and widths of the particles of QCD jets, to one digit: networks learn faster from numbers of order one.
_ANGLE, _LOG_PT, _LOG_PT_WIDTH, _MOMENTUM = 0.2, -4.0, 1.4, 0.1

# Jets of radius 1 end here; hyperbolic functions of anything larger would be numbers that no jet has.
_WIDEST = 2.0
_SOFTEST = 1e-12
_FOUR_VECTORS = 5


@keras.saving.register_keras_serializable(package="offshell")
class ParticleFeatures(layers.Layer):
    r"""Six features of each particle, $\eta$, $\phi$, $\log p_T$ and the momentum, and the mask of the cloud."""

    def call(self, x: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
        """From clouds `(n, particles, columns)` to features `(n, particles, 6)` and masks `(n, particles, 1)`."""
        p = momenta(x)
        squared_pt = ops.sum(ops.square(p[..., :2]), axis=-1, keepdims=True)
        present = squared_pt > _SOFTEST
        px, py = ops.where(present, p[..., :1], 1.0), ops.where(present, p[..., 1:2], 0.0)
        pt = ops.sqrt(ops.where(present, squared_pt, 1.0))
        angles = ops.concatenate([ops.arcsinh(p[..., 2:] / pt), ops.arctan2(py, px)], axis=-1)
        log_pt = ops.where(present, (ops.log(pt) - _LOG_PT) / _LOG_PT_WIDTH, 0.0)
        return ops.concatenate([angles / _ANGLE, log_pt, p / _MOMENTUM], axis=-1), x[..., -1:]

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """The shapes of the features and of the masks."""
        return (*input_shape[:-1], 6), (*input_shape[:-1], 1)


@keras.saving.register_keras_serializable(package="offshell")
class ParticleHead(layers.Layer):
    r"""The last layer of a decoder, from features of particles to a cloud of massless ones.

    The angles are bounded; the pT are shares (a softmax over the particles) of a total that the jet as a whole decides.
    Every mask is 1: a particle is absent if its share is small.

    Args:
        columns: 4 for `eta_rel, phi_rel, pt_rel, mask`, 5 for `energy, px, py, pz, mask`.
    """

    def __init__(self, columns: int, **options: Any) -> None:
        super().__init__(**options)
        self.columns = columns
        self.particle, self.total = Dense(3), Dense(1, kernel_initializer="zeros")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights."""
        self.particle.build(input_shape)
        self.total.build((None, input_shape[-1]))

    def call(self, features: KerasTensor) -> KerasTensor:
        """From features `(n, particles, f)` to clouds `(n, particles, columns)`."""
        raw = self.particle(features)
        eta, phi = (_WIDEST * ops.tanh(_ANGLE / _WIDEST * raw[..., axis]) for axis in (0, 1))
        total = ops.exp(self.total(ops.mean(features, axis=1)))
        pt = total * ops.softmax(raw[..., 2], axis=1)
        if self.columns != _FOUR_VECTORS:
            return ops.stack([eta, phi, pt, ops.ones_like(pt)], axis=-1)
        directions = [ops.cosh(eta), ops.cos(phi), ops.sin(phi), ops.sinh(eta)]
        return ops.stack([*(pt * component for component in directions), ops.ones_like(pt)], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of the clouds."""
        return (*input_shape[:-1], self.columns)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "columns": self.columns}
