"""What the tables of settings of flow matching and diffusion have in common."""

from typing import Literal

import keras
from pydantic import NonNegativeInt, PositiveInt

from offshell.models.densities.paths.time_conditioned import cloud_velocity, vector_velocity
from offshell.models.event_shapes import Shape, cloud_shape, is_cloud, n_features
from offshell.models.scaling.clouds import StandardizeClouds
from offshell.models.scaling.events import Scaling
from offshell.models.settings import DetectorSettings

__all__ = ["ContinuousFlowSettings"]


class ContinuousFlowSettings(DetectorSettings):
    """What the tables of flow matching and diffusion have in common; the global vector of `latent` numbers is for clouds."""

    scaling: Literal["standard", "clipped"] = "standard"
    hidden: PositiveInt = 64
    layers: PositiveInt = 3
    latent: PositiveInt = 16
    generation_steps: PositiveInt = 25
    likelihood_steps: NonNegativeInt = 0

    @property
    def steps(self) -> dict[str, int]:
        """Steps by the names that the detectors have for them."""
        return {"generation_steps": self.generation_steps, "likelihood_steps": self.likelihood_steps}

    def network(self, shape: Shape) -> keras.Model:
        """The network that tells velocities, of vectors or clouds."""
        if is_cloud(shape):
            return cloud_velocity(
                cloud_shape(shape), hidden=self.hidden, layers=self.layers, latent=self.latent
            )
        return vector_velocity(n_features(shape), hidden=self.hidden, blocks=self.layers)

    def scaling_of(self, shape: Shape) -> Scaling | None:
        """Of clouds the layer that sees pt_rel itself."""
        return StandardizeClouds(log_pt=False) if is_cloud(shape) else super().scaling_of(shape)
