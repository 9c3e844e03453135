"""The contractive autoencoder: a code that hardly moves when the event does."""

from collections.abc import Callable
from typing import Literal

import jax
import keras
from jax import numpy as jnp
from keras import KerasTensor
from pydantic import PositiveInt

from offshell.models.autoencoders.deterministic import Deterministic
from offshell.models.event_shapes import Shape
from offshell.models.networks.named import Network
from offshell.models.settings import DetectorSettings

__all__ = ["ContractiveAutoencoder", "ContractiveAutoencoderSettings", "contraction"]


@keras.saving.register_keras_serializable(package="offshell")
class ContractiveAutoencoder(Deterministic):
    r"""An autoencoder with the term `contraction`, the squared Frobenius norm of the encoder's Jacobian.

    Formula $\lVert J \rVert_F^2 = \sum_{ij} (\partial z_j / \partial x_i)^2$ at each event, exact by automatic differentiation.
    Weighed against `mse` it keeps only the directions along which the background varies, so that the code may be larger
    than the event. Other terms as for `Autoencoder`. Source: Rifai, Vincent, Muller, Glorot and Bengio (ICML 2011).

    Args:
        encoder: network from events to codes of shape `(n, size)`.
        decoder: network from codes to events.
    """

    default_loss = "mse + 0.1 * contraction"

    def compare(self, x: KerasTensor, code: KerasTensor, *, training: bool) -> dict[str, KerasTensor]:
        """The terms of scaled events and their codes."""
        return {**super().compare(x, code, training=training), "contraction": contraction(self.encode, x)}


def contraction(encode: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
    r"""Squared Frobenius norm of the Jacobian of a function at each event, $\sum_{ij} (\partial z_j / \partial x_i)^2$.

    Args:
        encode: function from `(n, ...)` to `(n, size)` that treats each event alone.
        x: events of shape `(n, ...)`.

    Returns:
        One number >= 0 for each event, shape `(n,)`.
    """
    code, pull_back = jax.vjp(encode, x)
    axes = jnp.eye(code.shape[1], dtype=code.dtype)[:, None, :]
    (rows,) = jax.vmap(pull_back)(jnp.broadcast_to(axes, (code.shape[1], *code.shape)))
    return jnp.sum(jnp.square(rows), axis=(0, *range(2, rows.ndim)))


class ContractiveAutoencoderSettings(DetectorSettings):
    """A `ContractiveAutoencoder`."""

    kind: Literal["contractive"] = "contractive"
    size: PositiveInt = 3
    network: Network

    def detector(self, shape: Shape, *, seed: int) -> ContractiveAutoencoder:  # noqa: ARG002 - there is nothing to draw
        """Encoder and decoder of the network around a code of that size."""
        network = self.network
        return ContractiveAutoencoder(
            network.encoder(shape, size=self.size),
            network.decoder(shape, self.size),
            scaling=self.scaling_of(shape),
        )
