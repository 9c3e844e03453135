"""Diffusion: events sink into noise while their variance stays one, and a network tells the way back."""

import math
from typing import Literal

import keras
from keras import KerasTensor, ops

from offshell.models.densities.paths.continuous_flow import ContinuousFlow, Path
from offshell.models.densities.paths.settings import ContinuousFlowSettings
from offshell.models.event_shapes import Shape

__all__ = ["Diffusion", "DiffusionSettings"]


@keras.saving.register_keras_serializable(package="offshell")
class Diffusion(ContinuousFlow):
    r"""A variance-preserving diffusion with the cosine schedule, $x_t = \sin(\pi t / 2) \, x + \cos(\pi t / 2) \, \epsilon$.

    Training adds the term `denoising`, $\lVert dx_t/dt - v(x_t, t) \rVert^2$, which is $(\pi/2)^2$ times the squared errors of the event and
    of the noise that follow from $v$ together (the v-prediction of Salimans and Ho, arXiv:2202.00512; the schedule is that
    of Nichol and Dhariwal, arXiv:2102.09672). The score $\nabla \log p_t$ is minus that noise divided by its factor. Events are
    generated and likelihoods computed along the probability-flow differential equation of Song et al.
    (arXiv:2011.13456). Arguments and other terms are those of `ContinuousFlow`, time 0 being noise as there.
    """

    default_loss = "denoising"

    def probability_path(self, time: KerasTensor) -> Path:
        """The quarter of a circle from noise at time 0 to the event at time 1."""
        rate = math.pi / 2
        sine, cosine = ops.sin(rate * time), ops.cos(rate * time)
        return Path(signal=sine, noise=cosine, signal_rate=rate * cosine, noise_rate=-rate * sine)


class DiffusionSettings(ContinuousFlowSettings):
    """A `Diffusion`."""

    kind: Literal["diffusion"] = "diffusion"

    def detector(self, shape: Shape, *, seed: int) -> Diffusion:  # noqa: ARG002 - there is nothing to draw
        """The detector with a network for events of that shape."""
        return Diffusion(self.network(shape), scaling=self.scaling_of(shape), **self.steps)
