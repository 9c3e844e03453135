"""Scaling of particle clouds as part of a detector: the coordinates in which likelihoods of jets are stated."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.event_shapes import N_COORDINATES
from offshell.models.scaling.events import Columns, Scaling

__all__ = ["StandardizeClouds"]

_LEAST_PT = 1e-5  # of the jet, less than any particle that is seen


@keras.saving.register_keras_serializable(package="offshell")
class StandardizeClouds(Scaling):
    r"""Zero mean and unit width of $(\eta_\mathrm{rel}, \phi_\mathrm{rel}, \log p_\mathrm{T,rel})$ over the particles of background jets.

    Clouds are those of `offshell.inputs.clouds`, of shape `(n, particles, columns)` with the columns `eta_rel, phi_rel,
    pt_rel` first and the mask last. What stands between them (the pt of the jet) and the mask stay as they are, padding
    stays exactly zero. A jet has a likelihood only in stated coordinates (Le Lan and Dinh, arXiv:2012.03808).

    Args:
        log_pt: whether the third coordinate is the logarithm, or pt_rel itself, whose sum over a jet is nearly the same for all.
    """

    def __init__(self, *, log_pt: bool = True, **options: Any) -> None:
        super().__init__(N_COORDINATES, **options)
        self.log_pt = log_pt

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        return {**super().get_config(), "log_pt": self.log_pt}

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights."""
        if len(input_shape) != 3 or (input_shape[-1] or 0) <= N_COORDINATES:  # noqa: PLR2004 - events, particles, columns
            raise InputError(
                "Clouds do not fit the scaling. Expected: shape (n, particles, columns) with eta_rel, phi_rel, pt_rel "
                f"first and the mask last. Received: {tuple(input_shape)}."
            )
        fixed = {"shape": (N_COORDINATES,), "trainable": False}
        self.mean = self.add_weight(initializer="zeros", name="mean", **fixed)
        self.width = self.add_weight(initializer="ones", name="width", **fixed)
        self.built = True

    def adapt(self, x: Float[np.ndarray, "n particles columns"]) -> None:
        """Estimate the scaling from background jets.

        Raises:
            InputError: if the jets hold no particle, or the columns are others than those expected.
        """
        if not self.built:
            self.build(np.shape(x))
        particles = np.asarray(x, np.float64)[x[..., -1] != 0]
        if not len(particles) or not (particles[:, 2] > 0).all() or not (particles[:, -1] == 1).all():
            raise InputError(
                "The scaling does not know these columns. Expected: particles with pt_rel > 0 in the third column and a "
                f"mask of 0 and 1 in the last. Received: {len(x)} jets with {len(particles)} particles, "
                f"{_ranges(particles)}."
            )
        coordinates = particles[:, :N_COORDINATES].T
        self.estimate([*coordinates[:2], np.log(coordinates[2]) if self.log_pt else coordinates[2]])

    def estimate(self, columns: Columns) -> None:
        """Take the mean and the standard deviation of each coordinate."""
        widths = np.array([column.std() for column in columns])
        self.mean.assign([column.mean() for column in columns])
        self.width.assign(np.where(widths > 0, widths, 1.0))

    def call(self, x: KerasTensor) -> KerasTensor:
        """Scaled clouds of the same shape."""
        return _with_coordinates(x, self.transform(x))

    def transform(self, x: KerasTensor) -> KerasTensor:
        """The standardized coordinates of every particle, padded or not, `(n, particles, 3)`."""
        present = x[..., -1:] != 0
        pt = ops.where(present, x[..., 2:3], 1.0)
        coordinates = ops.concatenate([x[..., :2], ops.log(pt) if self.log_pt else pt], axis=-1)
        return (coordinates - self.mean) / self.width

    def inverse(self, x: KerasTensor) -> KerasTensor:
        """The clouds that scaled ones came from, of the same shape; a pt_rel that is not positive becomes a tiny one."""
        coordinates = x[..., :N_COORDINATES] * self.width + self.mean
        pt = coordinates[..., 2:]
        pt = ops.exp(pt) if self.log_pt else ops.maximum(pt, _LEAST_PT)
        return _with_coordinates(x, ops.concatenate([coordinates[..., :2], pt], axis=-1))


def _with_coordinates(x: KerasTensor, coordinates: KerasTensor) -> KerasTensor:
    """Clouds with other coordinates, all of them zero where there is no particle."""
    kept = ops.where(x[..., -1:] != 0, coordinates, 0.0)
    return ops.concatenate([kept, x[..., N_COORDINATES:]], axis=-1)


def _ranges(particles: Float[np.ndarray, "particles columns"]) -> str:
    if not len(particles):
        return "all of them padding"
    low, high = particles[:, 2].min(), particles[:, 2].max()
    return f"third column from {low:.3g} to {high:.3g}, last from {particles[:, -1].min():.3g} to {particles[:, -1].max():.3g}"
