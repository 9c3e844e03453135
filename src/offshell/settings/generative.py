"""The table `[model]` of detectors that generate; they see standardized coordinates."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt

from offshell.settings.table import Table

__all__ = ["ContinuousFlow", "Flow"]


class Generative(Table):
    """What generative detectors have in common: the coordinates of their likelihoods are not to be chosen."""

    scaling: Literal["standard"] = "standard"


class Flow(Generative):
    """`offshell.models.Flow`, of clouds `CloudFlow`."""

    kind: Literal["flow"]
    transform: Literal["affine", "spline"] = "spline"
    layers: PositiveInt = 6
    hidden: list[PositiveInt] = [64, 64]


class ContinuousFlow(Generative):
    """`offshell.models.FlowMatching` or `Diffusion`; the global vector of `latent` numbers is for clouds."""

    kind: Literal["flow-matching", "diffusion"]
    hidden: PositiveInt = 64
    layers: PositiveInt = 3
    latent: PositiveInt = 16
    generation_steps: PositiveInt = 25
    likelihood_steps: NonNegativeInt = 0
