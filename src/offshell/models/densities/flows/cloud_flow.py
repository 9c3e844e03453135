"""The normalizing flow for particle clouds: a likelihood of jets with any number of particles."""

from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from keras import KerasTensor, ops

from offshell.models.densities.conditions import Conditions, by_falling_pt
from offshell.models.densities.flows.coupling_flow import CouplingFlow
from offshell.models.detector import check_number
from offshell.models.event_shapes import N_COORDINATES
from offshell.models.scaling.clouds import StandardizeClouds

__all__ = ["CloudFlow"]

Clouds = Float[np.ndarray, "n particles columns"]


@keras.saving.register_keras_serializable(package="offshell")
class CloudFlow(CouplingFlow):
    r"""A normalizing flow for clouds, $p(x | n)$ in three dimensions for each of the $n$ particles, in order of their pT.

    Terms: `nll`, $-\log p(x | n)$ [nats], given the number of particles and the pT of the jet where clouds have that column;
    `multiplicity`, $-\log P(n)$ of the background, so that `nll + multiplicity` is that of both; `nll_per_particle`,
    $-\log p(x | n) / n$; and `z2`. Particles that are not there are left out exactly: they change no volume and have no
    density, so there is nothing to dequantize. The coordinates are those of `StandardizeClouds`. The density adds up to one over
    particles in any order; training leaves little of it where pT does not fall.

    Args:
        shape: particles and columns of a cloud, `(particles, 4 or 5)`.
        scaling: the coordinates, `StandardizeClouds()` if none are given.
        options: those of `CouplingFlow`: `transform`, `layers`, `hidden`, `seed`.

    Example:
        >>> from offshell.models import CloudFlow
        >>> model = CloudFlow(shape=(30, 4), layers=4, hidden=(128,))
    """

    def __init__(
        self, *, shape: tuple[int, int], scaling: StandardizeClouds | None = None, **options: Any
    ) -> None:
        particles, columns = shape
        conditions = Conditions(particles=particles, columns=columns)
        super().__init__(
            N_COORDINATES * particles,
            particles + conditions.size,
            shape=shape,
            scaling=scaling or StandardizeClouds(),
            **options,
        )
        self.conditions = conditions
        self.multiplicity = self.add_weight(
            shape=(particles + 1,), initializer="zeros", trainable=False, name="multiplicity"
        )

    def adapt(self, x: Clouds) -> None:
        r"""Estimate the scaling, the conditions and $P(n)$ from background jets.

        $P(n) = (N_n + 1/2) / (N + (p + 1) / 2)$ of $N$ jets of up to $p$ particles, after Jeffreys' prior (Proc. R. Soc. A 186 (1946)
        453), so that a number that was never seen is improbable, not impossible.
        """
        super().adapt(x)
        self.conditions.adapt(x)
        n_particles = np.count_nonzero(x[..., -1], axis=1)
        seen = np.bincount(n_particles, minlength=self.shape[0] + 1) + 0.5
        self.multiplicity.assign(-np.log(seen / seen.sum()))

    def parts(self, x: KerasTensor) -> tuple[KerasTensor, KerasTensor, KerasTensor]:
        """Coordinates of all particles, whether these are there, and the conditions with the mask."""
        mask = x[..., -1]
        features = ops.reshape(x[..., :N_COORDINATES], (-1, N_COORDINATES * self.shape[0]))
        present = ops.repeat(mask != 0, N_COORDINATES, axis=1)
        return features, present, ops.concatenate([mask, self.conditions(x)], axis=1)

    def call(self, x: KerasTensor, training: bool = False) -> dict[str, KerasTensor]:
        """The terms of a batch of clouds, each of shape `(n,)`."""
        found = super().call(x, training)
        n_particles = ops.sum(x[..., -1], axis=1)
        return {
            **found,
            "multiplicity": ops.take(self.multiplicity, ops.cast(n_particles, "int32")),
            "nll_per_particle": found["nll"] / ops.maximum(n_particles, 1.0),
        }

    def generate(self, n_events: int, *, seed: int) -> Clouds:
        """Clouds `(n_events, particles, columns)` drawn from the flow, with numbers of particles as the background has them.

        Raises:
            InputError: if there are no events to make.
        """
        check_number(n_events)
        blank = self.conditions.blank(n_events, np.random.default_rng([seed, 1]))
        _, present, condition = self.parts(blank)
        coordinates = self.drawn(np.asarray(present), np.asarray(condition), seed=seed)
        made = coordinates.reshape(n_events, self.shape[0], N_COORDINATES)
        scaled = ops.concatenate([made, blank[..., N_COORDINATES:]], axis=2)
        return np.asarray(by_falling_pt(self.unscaled(scaled)))
