"""Networks on clouds of four-vectors that commute with boosts and rotations of the whole jet."""

from typing import Literal

import keras
from keras import KerasTensor, ops
from pydantic import Field, PositiveInt

from offshell.errors import InputError
from offshell.models.event_shapes import Shape, cloud_shape
from offshell.models.networks.clouds.layers.lorentz import LorentzAttention
from offshell.models.networks.clouds.layers.masked import masked_mean, masked_sum
from offshell.models.networks.clouds.layers.minkowski import COMPONENTS, compressed, product
from offshell.models.networks.drawn import Dense
from offshell.models.networks.settings import NetworkSettings

__all__ = ["LorentzSettings", "lorentz_decoder", "lorentz_encoder"]

_SCALARS_PER_VECTOR = 4
_FEWEST_VECTORS = 4
_WIDER = 4


def lorentz_encoder(
    shape: tuple[int, int], *, hidden: int, layers: int, vectors: int, size: int
) -> keras.Model:
    """A network from clouds of four-vectors to codes `(n, size)` of scalars and four-vectors.

    A boosted or rotated jet has the same scalars, and its vectors are boosted or rotated with it.

    Args:
        shape: particles, and 5 columns: energy, px, py, pz in units of the jet's pt, and the mask.
        hidden: scalars of a particle, a multiple of 16; it has a quarter as many vectors.
        layers: number of attention layers.
        vectors: four-vectors in the code, at least four, which come last, one after the other.
        size: numbers in the code, four for each vector and one for each scalar.

    Raises:
        InputError: if there are fewer vectors, or they do not fit into the code.
    """
    _check_size(size, vectors)
    cloud = keras.Input(shape)
    mask = cloud[..., COMPONENTS:]
    momenta = (cloud[..., :COMPONENTS] * mask)[..., None]
    scalars, four_vectors = _embedded(momenta, mask, hidden)
    for _ in range(layers):
        attention = LorentzAttention(hidden, hidden // _SCALARS_PER_VECTOR)
        scalars, four_vectors = attention([scalars, four_vectors, mask])
    return keras.Model(cloud, _pooled(scalars, four_vectors, mask, vectors, size), name="encoder")


def lorentz_decoder(
    size: int, *, hidden: int, layers: int, vectors: int, shape: tuple[int, int]
) -> keras.Model:
    """A network from codes of scalars and four-vectors to clouds of four-vectors, as equivariant as the encoder.

    Each particle is a sum of the vectors of the code, with coefficients that a fully connected network of the scalars and
    of all products of the vectors gives. Any equivariant map from vectors to vectors is such a sum (Villar et al.,
    arXiv:2106.06610), but for cross products, which add nothing to vectors that span all of space and time. That takes four:
    all sums of two vectors lie in one plane, so that the particles of a jet would be parallel and have no mass together.
    The mask of the cloud is 1.

    Args:
        size: numbers in the code.
        hidden: a quarter of the width of the hidden layers, which see a jet and not its particles.
        layers: number of hidden layers.
        vectors: four-vectors in the code, at least four.
        shape: particles, and 5 columns.

    Raises:
        InputError: if there are fewer vectors, or they do not fit into the code.
    """
    _check_size(size, vectors)
    particles, _ = shape
    code = keras.Input((size,))
    n_scalars = size - COMPONENTS * vectors
    four_vectors = ops.reshape(code[:, n_scalars:], (-1, vectors, COMPONENTS))
    x = ops.concatenate([code[:, :n_scalars], _invariants(four_vectors)], axis=-1)
    for _ in range(layers):
        x = Dense(_WIDER * hidden, activation="relu")(x)
    coefficients = Dense(particles * vectors)(x)
    momenta = ops.matmul(ops.reshape(coefficients, (-1, particles, vectors)), four_vectors)
    return keras.Model(
        code, ops.concatenate([momenta, ops.ones_like(momenta[..., :1])], axis=-1), name="decoder"
    )


def _check_size(size: int, vectors: int) -> None:
    if vectors < _FEWEST_VECTORS or size < COMPONENTS * vectors:
        raise InputError(
            f"The code does not hold its vectors. Expected: vectors >= {_FEWEST_VECTORS} and size >= 4 * vectors. "
            f"Received: size={size}, vectors={vectors}."
        )


def _embedded(momenta: KerasTensor, mask: KerasTensor, hidden: int) -> tuple[KerasTensor, KerasTensor]:
    """The first scalars and vectors of each particle, from its momentum and that of the jet."""
    jet = ops.sum(momenta, axis=1, keepdims=True)
    mass = ops.repeat(product(jet, jet), momenta.shape[1], axis=1)
    seen = compressed(ops.concatenate([product(momenta, jet), mass], axis=-1))
    scalars = Dense(hidden, activation="relu")(seen)
    return scalars * mask, Dense(hidden // _SCALARS_PER_VECTOR, use_bias=False)(momenta)


def _pooled(
    scalars: KerasTensor, four_vectors: KerasTensor, mask: KerasTensor, vectors: int, size: int
) -> KerasTensor:
    weights = Dense(vectors, bias_initializer="ones")(scalars)[:, :, None]
    mixed = weights * Dense(vectors, use_bias=False)(four_vectors)
    summed = ops.transpose(masked_sum(mixed, mask[..., None]), (0, 2, 1))
    flat = ops.reshape(summed, (-1, COMPONENTS * vectors))
    n_scalars = size - COMPONENTS * vectors
    if not n_scalars:
        return flat
    return ops.concatenate([Dense(n_scalars)(masked_mean(scalars, mask)), flat], axis=-1)


def _invariants(four_vectors: KerasTensor) -> KerasTensor:
    """Products of all pairs of vectors `(n, vectors, 4)`, each once."""
    vectors = four_vectors.shape[1]
    energies = four_vectors[..., :1]
    products = 2 * energies * ops.transpose(energies, (0, 2, 1)) - ops.matmul(
        four_vectors, ops.transpose(four_vectors, (0, 2, 1))
    )
    flat = ops.reshape(products, (-1, vectors**2))
    once = [row * vectors + column for row in range(vectors) for column in range(row, vectors)]
    return compressed(ops.take(flat, once, axis=-1))


class LorentzSettings(NetworkSettings):
    """Lorentz-equivariant layers; of the numbers of the code, 4 for each of `vectors` are four-vectors."""

    kind: Literal["lorentz"] = "lorentz"
    hidden: PositiveInt = 16
    layers: PositiveInt = 3
    vectors: int = Field(default=_FEWEST_VECTORS, ge=_FEWEST_VECTORS)

    def encoder(self, shape: Shape, *, size: int | None = None) -> keras.Model:
        """The equivariant encoder.

        Raises:
            InputError: if the code has no size, because a detector adds heads of its own that are not equivariant.
        """
        if size is None:
            raise InputError(
                "The heads of a VAE are not Lorentz-equivariant. Expected: model.kind = cloud-autoencoder. "
                "Received: a network of kind lorentz in a VAE."
            )
        return lorentz_encoder(cloud_shape(shape), size=size, **self.options)

    def decoder(self, shape: Shape, size: int) -> keras.Model:
        """The equivariant decoder."""
        return lorentz_decoder(size, shape=cloud_shape(shape), **self.options)
