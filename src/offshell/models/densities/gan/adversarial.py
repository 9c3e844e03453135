"""What a critic and a generator each want to be small: two pairs of losses for the same game."""

from collections.abc import Callable

import jax
from jax import numpy as jnp
from keras import KerasTensor, ops

__all__ = ["gradient_penalty", "least_squares", "wasserstein"]

_PENALTY = 10.0


def least_squares(
    real: KerasTensor, fake: KerasTensor, fake_to_generator: KerasTensor
) -> dict[str, KerasTensor]:
    r"""The least squares losses, $(D(x) - 1)^2 + D(\tilde x)^2$ and $(D(\tilde x) - 1)^2$.

    Source: Mao et al. (arXiv:1611.04076), with the labels 1 for real and 0 for generated events.

    Args:
        real: what the critic says of real events, shape `(n,)`.
        fake: what it says of generated ones, as the critic learns from it.
        fake_to_generator: the same numbers, as the generator learns from them.

    Returns:
        `critic_loss` and `generator_loss`, each of shape `(n,)`.
    """
    return {
        "critic_loss": ops.square(real - 1) + ops.square(fake),
        "generator_loss": ops.square(fake_to_generator - 1),
    }


def wasserstein(
    real: KerasTensor, fake: KerasTensor, fake_to_generator: KerasTensor
) -> dict[str, KerasTensor]:
    r"""The Wasserstein losses without the penalty that keeps the critic's slope, $D(\tilde x) - D(x)$ and $-D(\tilde x)$.

    Source: Arjovsky, Chintala and Bottou (arXiv:1701.07875). Arguments and result are those of `least_squares`.
    """
    return {"critic_loss": fake - real, "generator_loss": -fake_to_generator}


def gradient_penalty(
    critic: Callable[[jax.Array], jax.Array], real: jax.Array, fake: jax.Array, share: jax.Array
) -> jax.Array:
    r"""How far the critic's slope is from one on the way from real to generated, $10\,(\lVert\nabla D(\hat x)\rVert - 1)^2$.

    Source: Gulrajani et al. (arXiv:1704.00028), with their weight 10.

    Args:
        critic: function from events `(n, ...)` to one number for each that treats each event alone.
        real: real events.
        fake: generated events, of the same shape.
        share: how far each point $\hat x$ lies from generated towards real, uniform in [0, 1], shape `(n, 1, ...)`.

    Returns:
        One number >= 0 for each pair, shape `(n,)`.
    """
    slope = jax.grad(lambda x: jnp.sum(critic(x)))(share * real + (1 - share) * fake)
    steepness = jnp.sqrt(jnp.sum(jnp.square(slope), axis=tuple(range(1, slope.ndim))) + 1e-12)
    return _PENALTY * jnp.square(steepness - 1)
