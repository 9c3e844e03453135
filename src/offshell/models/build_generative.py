"""From the settings of a recipe to a detector that generates."""

from offshell import settings
from offshell.errors import InputError
from offshell.models import clouds
from offshell.models.cloud_flow import CloudFlow
from offshell.models.cloud_scaling import StandardizeClouds
from offshell.models.detector import Detector
from offshell.models.diffusion import Diffusion
from offshell.models.flow import Flow
from offshell.models.flow_matching import FlowMatching
from offshell.models.gan import GAN
from offshell.models.scaling import Standardize
from offshell.models.time_conditioned import cloud_velocity, vector_velocity

__all__ = ["generative"]

_GENERATORS = {
    "dense": clouds.dense_generator,
    "graph": clouds.graph_generator,
    "tree": clouds.tree_generator,
    "message-passing": clouds.message_passing_generator,
}
_CRITICS = {
    "dense": clouds.dense_critic,
    "point": clouds.point_critic,
    "message-passing": clouds.message_passing_critic,
}
_CONTINUOUS = {"flow-matching": FlowMatching, "diffusion": Diffusion}


def generative(
    model: settings.Flow | settings.ContinuousFlow | settings.GAN, shape: tuple[int, ...], *, seed: int
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


def _flow(model: settings.Flow, shape: tuple[int, ...], *, seed: int) -> Detector:
    options = model.model_dump(exclude={"kind", "scaling"})
    if _is_cloud(shape):
        return CloudFlow(shape=shape, seed=seed, **options)
    return Flow(shape=shape, seed=seed, scaling=Standardize(), **options)


def _continuous_flow(model: settings.ContinuousFlow, shape: tuple[int, ...]) -> Detector:
    steps = {"generation_steps": model.generation_steps, "likelihood_steps": model.likelihood_steps}
    if _is_cloud(shape):
        network = cloud_velocity(shape, hidden=model.hidden, layers=model.layers, latent=model.latent)
        return _CONTINUOUS[model.kind](network, scaling=StandardizeClouds(), **steps)
    network = vector_velocity(*shape, hidden=model.hidden, blocks=model.layers)
    return _CONTINUOUS[model.kind](network, scaling=Standardize(), **steps)


def _gan(model: settings.GAN, shape: tuple[int, ...]) -> Detector:
    if not _is_cloud(shape):
        raise InputError(f"A GAN generates clouds. Expected: shape (particles, columns). Received: {shape}.")
    generator, critic = (
        networks[table.kind](shape, **table.model_dump(exclude={"kind"}))
        for networks, table in ((_GENERATORS, model.generator), (_CRITICS, model.critic))
    )
    return GAN(generator, critic, objective=model.objective, generator_rate=model.generator_rate)


def _is_cloud(shape: tuple[int, ...]) -> bool:
    match len(shape):
        case 1:
            return False
        case 2:
            return True
    raise InputError(
        f"The detector generates features or clouds. Expected: shape (features,) or (particles, columns). Received: {shape}."
    )
