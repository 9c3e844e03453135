"""From the settings of a recipe to a detector that generates."""

from collections.abc import Callable

import keras

from offshell import settings
from offshell.errors import InputError
from offshell.models.densities.flows.cloud_flow import CloudFlow
from offshell.models.densities.flows.flow import Flow
from offshell.models.densities.gan.gan import GAN
from offshell.models.densities.paths.continuous_flow import ContinuousFlow
from offshell.models.densities.paths.diffusion import Diffusion
from offshell.models.densities.paths.flow_matching import FlowMatching
from offshell.models.densities.paths.time_conditioned import cloud_velocity, vector_velocity
from offshell.models.detector import Detector
from offshell.models.event_shapes import Shape, cloud_shape
from offshell.models.networks import clouds
from offshell.models.scaling.clouds import StandardizeClouds
from offshell.models.scaling.events import Standardize

__all__ = ["generative"]

_GENERATORS: dict[str, Callable[..., keras.Model]] = {
    "dense": clouds.dense_generator,
    "graph": clouds.graph_generator,
    "tree": clouds.tree_generator,
    "message-passing": clouds.message_passing_generator,
}
_CRITICS: dict[str, Callable[..., keras.Model]] = {
    "dense": clouds.dense_critic,
    "point": clouds.point_critic,
    "message-passing": clouds.message_passing_critic,
}
_CONTINUOUS: dict[str, type[ContinuousFlow]] = {"flow-matching": FlowMatching, "diffusion": Diffusion}


def generative(
    model: settings.Flow | settings.ContinuousFlow | settings.GAN, shape: Shape, *, seed: int
) -> Detector:
    """A detector that generates, with fresh weights.

    Args:
        model: the table `[model]` of a recipe.
        shape: shape of one event, `(features,)` or of a cloud `(particles, columns)`.
        seed: of what a flow transforms in turn.

    Raises:
        InputError: if events of that shape cannot be generated.
    """
    match model:
        case settings.Flow():
            return _flow(model, shape, seed=seed)
        case settings.ContinuousFlow():
            return _continuous_flow(model, shape)
        case settings.GAN():
            return _gan(model, shape)


def _flow(model: settings.Flow, shape: Shape, *, seed: int) -> Detector:
    options = model.model_dump(exclude={"kind", "scaling"})
    if _is_cloud(shape):
        return CloudFlow(shape=cloud_shape(shape), seed=seed, **options)
    return Flow(shape=shape, seed=seed, scaling=Standardize(), **options)


def _continuous_flow(model: settings.ContinuousFlow, shape: Shape) -> Detector:
    steps = {"generation_steps": model.generation_steps, "likelihood_steps": model.likelihood_steps}
    if _is_cloud(shape):
        network = cloud_velocity(
            cloud_shape(shape), hidden=model.hidden, layers=model.layers, latent=model.latent
        )
        return _CONTINUOUS[model.kind](network, scaling=StandardizeClouds(log_pt=False), **steps)
    network = vector_velocity(*shape, hidden=model.hidden, blocks=model.layers)
    return _CONTINUOUS[model.kind](network, scaling=Standardize(), **steps)


def _gan(model: settings.GAN, shape: Shape) -> Detector:
    generator, critic = (
        networks[table.kind](cloud_shape(shape), **table.model_dump(exclude={"kind"}))
        for networks, table in ((_GENERATORS, model.generator), (_CRITICS, model.critic))
    )
    return GAN(generator, critic, objective=model.objective, generator_rate=model.generator_rate)


def _is_cloud(shape: Shape) -> bool:
    match len(shape):
        case 1:
            return False
        case 2:
            return True
    raise InputError(
        f"The detector generates features or clouds. Expected: shape (features,) or (particles, columns). Received: {shape}."
    )
