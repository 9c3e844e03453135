"""The classifier in whose last hidden layer jets of 30 particles are compared: ParticleNet, as jetnet trained it.

The network is that of Qu and Gouskos (arXiv:1902.08570) in the form of Kansal et al. (arXiv:2106.11535). jetnet runs it
with PyTorch Geometric and torch-cluster, which has to be compiled for each version of PyTorch; here it is written for JAX.
"""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import numpy as np
from jax import numpy as jnp
from jaxtyping import Float

__all__ = ["Block", "ParticleNet", "activations", "folded"]

_N_NEIGHBORS = 16
_N_ANGLES = 2  # the first columns; all others come into the distances of the later blocks only
_EPSILON = 1e-5  # PyTorch's, under the root of the variance
_JETS_PER_BATCH = 50

Matrix = Float[np.ndarray, "inputs outputs"]
Vector = Float[np.ndarray, " outputs"]


class Block(NamedTuple):
    """An edge convolution: what a particle learns from its neighbors."""

    of_particle: Matrix
    """Acts on the features of the particle itself."""
    of_difference: Matrix
    """Acts on what the neighbor has more."""
    bias: Vector
    later: tuple[tuple[Matrix, Vector], ...]
    """Two dense layers behind the first, each with ReLU before it."""


class ParticleNet(NamedTuple):
    """Weights, with the normalization of batches folded in."""

    blocks: tuple[Block, ...]
    last: tuple[Matrix, Vector]


def folded(state: Mapping[str, Float[np.ndarray, "..."]]) -> ParticleNet:
    """The weights of a trained network in evaluation mode.

    Args:
        state: Arrays by their names in jetnet's `pnet_state_dict.pt`.
    """
    blocks = []
    for i in range(3):
        first, *later = (_dense(state, f"edge_nets.{i}.model", 3 * layer) for layer in range(3))
        of_particle, of_difference = np.split(first[0], 2)
        blocks.append(Block(of_particle, of_difference, first[1], tuple(later)))
    return ParticleNet(tuple(blocks), (state["fc1.0.weight"].T, state["fc1.0.bias"]))


def _dense(state: Mapping[str, Float[np.ndarray, "..."]], name: str, place: int) -> tuple[Matrix, Vector]:
    """A dense layer and the normalization of batches that follows it, as one dense layer."""
    weight, bias = (state[f"{name}.{place}.{key}"] for key in ("weight", "bias"))
    scale, shift, mean, variance = (
        state[f"{name}.{place + 1}.{key}"] for key in ("weight", "bias", "running_mean", "running_var")
    )
    factor = scale / np.sqrt(variance + _EPSILON)
    return weight.T * factor, (bias - mean) * factor + shift


def activations(
    network: ParticleNet, particles: Float[np.ndarray, "n 30 3"]
) -> Float[np.ndarray, "n activations"]:
    """Returns the outputs of the last hidden layer, before its ReLU, in float64.

    Args:
        network: See `folded`.
        particles: Features as the network was trained on them.
    """
    n_batches = -(-len(particles) // _JETS_PER_BATCH)
    padded = np.zeros((n_batches * _JETS_PER_BATCH, *particles.shape[1:]), np.float32)
    padded[: len(particles)] = particles
    weights = jax.tree.map(jnp.asarray, network)
    found = [np.asarray(_of_batch(weights, batch)) for batch in np.split(padded, n_batches)]
    return np.concatenate(found)[: len(particles)].astype(np.float64)


@jax.jit
def _of_batch(
    network: ParticleNet, particles: Float[jax.Array, "n 30 3"]
) -> Float[jax.Array, "n activations"]:
    features, place = particles, particles[..., :_N_ANGLES]
    for block in network.blocks:
        learned = _edge_convolution(block, features, _nearest(place))
        features = place = jnp.concatenate([learned, features], axis=-1)
    weight, bias = network.last
    return features.mean(axis=1) @ weight + bias


def _nearest(place: Float[jax.Array, "n 30 features"]) -> Float[jax.Array, "n 30 neighbors"]:
    """The nearest other particles of the jet, padding included, as jetnet has it."""
    difference = place[:, :, None] - place[:, None]
    distance = jnp.sum(difference**2, axis=-1) + jnp.where(jnp.eye(place.shape[1], dtype=bool), jnp.inf, 0.0)
    return jax.lax.top_k(-distance, _N_NEIGHBORS)[1]


def _edge_convolution(
    block: Block, features: Float[jax.Array, "n 30 inputs"], neighbors: Float[jax.Array, "n 30 neighbors"]
) -> Float[jax.Array, "n 30 outputs"]:
    # The first layer is linear in particle and difference, so it acts on particles, of which there are fewer than edges.
    of_neighbor = features @ block.of_difference
    own = features @ block.of_particle - of_neighbor + block.bias
    gathered = jax.vmap(lambda rows, place: rows[place])(of_neighbor, neighbors)
    edges = own[:, :, None] + gathered
    for weight, bias in block.later:
        edges = jax.nn.relu(edges) @ weight + bias
    return jax.nn.relu(edges).mean(axis=2)
