"""What a generated jet is asked to have: a number of particles and, where it is given, a transverse momentum."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.errors import InputError
from offshell.models.event_shapes import N_COORDINATES

__all__ = ["Conditions", "assembled", "by_falling_pt"]

Clouds = Float[np.ndarray, "n particles columns"]

_WITHOUT_PT, _WITH_PT = N_COORDINATES + 1, N_COORDINATES + 2


@keras.saving.register_keras_serializable(package="offshell")
class Conditions(keras.layers.Layer):
    """Numbers of particles and momenta of background jets, kept so that others like them can be asked for.

    Clouds have the layout "relative" (`eta_rel, phi_rel, pt_rel, mask`) or "relative-pt", with `jet_pt` [GeV] before the mask.

    Args:
        particles: rows of a cloud.
        columns: 4 without `jet_pt`, 5 with it.
        references: background jets that are kept; of fewer, some are kept twice.

    Raises:
        InputError: if there are neither 4 nor 5 columns.
    """

    def __init__(self, *, particles: int, columns: int, references: int = 10_000, **options: Any) -> None:
        super().__init__(**options)
        if columns not in (_WITHOUT_PT, _WITH_PT):
            raise InputError(
                f"Clouds have no such columns. Expected: 4 (eta_rel, phi_rel, pt_rel, mask) or 5, with jet_pt before the "
                f"mask. Received: columns={columns}."
            )
        self.particles, self.columns, self.references = particles, columns, references
        self.size = columns - N_COORDINATES
        self.kept = self._weight("kept", (references, self.size), "zeros")
        self.mean = self._weight("mean", (), "zeros")
        self.width = self._weight("width", (), "ones")
        self.built = True  # all shapes are known already

    def adapt(self, x: Clouds) -> None:
        """Keep the conditions of some background jets, and the mean and width of the momenta of all.

        Raises:
            InputError: if clouds have another shape, or one of them has no particle.
        """
        rows = self._rows(np.asarray(x))
        rng = np.random.default_rng(0)
        enough = np.tile(rng.permutation(len(rows)), -(-self.references // len(rows)))
        self.kept.assign(rows[enough[: self.references]])
        if self.columns == _WITH_PT:
            self.mean.assign(rows[:, 1].mean())
            self.width.assign(rows[:, 1].std() or 1.0)

    def draw(
        self, n: int, rng: np.random.Generator
    ) -> tuple[Float[np.ndarray, "n particles 1"], Float[np.ndarray, " n"] | None]:
        """Masks and momenta [GeV] of n jets drawn from those that are kept; no momenta where clouds have none."""
        rows = np.asarray(self.kept)[rng.integers(self.references, size=n)]
        mask = (np.arange(self.particles) < rows[:, :1]).astype(np.float32)[..., None]
        return mask, rows[:, 1] if self.columns == _WITH_PT else None

    def blank(self, n: int, rng: np.random.Generator) -> KerasTensor:
        """Clouds `(n, particles, columns)` with drawn masks and momenta, and zeros in place of what is to be generated."""
        mask, jet_pt = self.draw(n, rng)
        return assembled(np.zeros((n, self.particles, N_COORDINATES), np.float32), mask, jet_pt=jet_pt)

    def call(self, x: KerasTensor) -> KerasTensor:
        """Conditions of clouds as networks see them, `(n, 1)` or `(n, 2)`: n / particles and the standardized jet_pt."""
        conditions = [ops.mean(x[:, :, -1], axis=1, keepdims=True)]
        if self.columns == _WITH_PT:
            jet_pt = ops.max(x[:, :, N_COORDINATES], axis=1, keepdims=True)
            conditions.append((jet_pt - self.mean) / self.width)
        return ops.concatenate(conditions, axis=1)

    def get_config(self) -> dict[str, Any]:
        """What Keras needs to make the layer again."""
        sizes = {"particles": self.particles, "columns": self.columns, "references": self.references}
        return {**super().get_config(), **sizes}

    def _weight(self, name: str, shape: tuple[int, ...], initializer: str) -> keras.Variable:
        return self.add_weight(shape=shape, initializer=initializer, trainable=False, name=name)

    def _rows(self, x: Clouds) -> Float[np.ndarray, "n size"]:
        if x.ndim != 3 or x.shape[1:] != (self.particles, self.columns) or not len(x):  # noqa: PLR2004 - jets, particles, columns
            raise InputError(
                f"Clouds do not fit the conditions. Expected: shape (n, {self.particles}, {self.columns}). "
                f"Received: {x.shape}."
            )
        n_particles = x[:, :, -1].sum(axis=1)
        if not n_particles.all():
            raise InputError(
                f"A cloud is empty. Expected: particles in every jet. Received: {(n_particles == 0).sum()} jets of padding."
            )
        return np.column_stack([n_particles, x[:, :, N_COORDINATES].max(axis=1)])[:, : self.size]


def assembled(
    coordinates: KerasTensor, mask: KerasTensor, *, jet_pt: KerasTensor | None = None
) -> KerasTensor:
    """Clouds `(n, particles, columns)` from what a generator makes and what it was asked for; padding is zero.

    Args:
        coordinates: three for each particle, `(n, particles, 3)`.
        mask: 1 for a particle and 0 for padding, `(n, particles, 1)`.
        jet_pt: transverse momenta of the jets [GeV], `(n,)`; `None` where clouds have no such column.
    """
    columns = [coordinates * mask]
    if jet_pt is not None:
        columns.append(ops.reshape(jet_pt, (-1, 1, 1)) * mask)
    return ops.concatenate([*columns, mask], axis=2)


def by_falling_pt(cloud: KerasTensor) -> KerasTensor:
    """Clouds `(n, particles, columns)` with the particle of largest third column first and padding, mask 0, last."""
    key = ops.where(cloud[..., -1] > 0, -cloud[..., 2], float("inf"))
    return ops.take_along_axis(cloud, ops.argsort(key, axis=1)[..., None], axis=1)
