"""A teacher that has answered beforehand: it sees other inputs of the same events than its student."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float, UInt
from keras import KerasTensor, ops

from offshell.errors import InputError

__all__ = ["Recollection"]

_CUTS = np.arange(0.25, 8.5, 0.5, dtype=np.float32)
_STEEPNESS = 2.0

_MIXER = np.uint32(0x9E3779B1)  # a prime near 2^32 over the golden ratio (Knuth, TAOCP 3, section 6.4)


class Recollection:
    """What a teacher has told of events, found again by the bits of what the student sees of them.

    A teacher of jet images may see observables, which no image contains and no training has the time to compute. So it is asked
    once, how rare events are, and an event is recognized by a number of 32 bits: of 100,000 events, about one has that of another one. Images are
    shown turned by multiples of 90 degrees and mirrored, each time anew: the teacher tells the same of all of them.

    Args:
        seen: events as the student sees them, `(n, *shape)`.
        told: what the teacher tells of them, `(n,)`.
    """

    def __init__(self, seen: Float[np.ndarray, "n ..."], told: Float[np.ndarray, " n"]) -> None:
        n_numbers = math.prod(np.shape(seen)[1:])
        drawn = np.random.default_rng(0).integers(0, 2**32, n_numbers, dtype=np.uint32)
        self._factors = drawn | np.uint32(1)
        keys = np.concatenate([np.asarray(self._keys(part)) for part in _parts(seen)])
        order = np.argsort(keys)
        self._known, self._told = keys[order], np.asarray(told, np.float32)[order]

    def __call__(self, x: KerasTensor) -> KerasTensor:
        """What was told of events `(n, *shape)`, shape `(n,)`; NaN for an event that is not among them."""
        keys = self._keys(x)
        place = jnp.minimum(jnp.searchsorted(jnp.asarray(self._known), keys), len(self._known) - 1)
        return jnp.where(jnp.asarray(self._known)[place] == keys, jnp.asarray(self._told)[place], jnp.nan)

    def missed(self, said: KerasTensor, told: KerasTensor) -> KerasTensor:
        r"""How far a student is off, `(n,)`: the cross entropy of whether an event is rarer than each of 17 cuts, their mean.

        The odds of $r > c$ are $e^{2 (s - c)}$, the proportional odds of McCullagh (J. R. Stat. Soc. B 42 (1980) 109) with cuts that are
        half an e-folding of the rate apart. A squared difference would count how wrong a student is of jets that any cut rejects.

        Args:
            said: by the student, $s$.
            told: rareness by the teacher, $r = -\ln p$, both `(n,)`.
        """
        odds = _STEEPNESS * (said[:, None] - _CUTS)
        return ops.mean(ops.softplus(odds) - ops.where(told[:, None] > _CUTS, odds, 0.0), axis=1)

    def adapt(self, x: Float[np.ndarray, "n ..."]) -> None:
        """Raises InputError if there is one among events `(n, *shape)` that nothing was told of."""
        n_unknown = sum(int(jnp.isnan(self(part)).sum()) for part in _parts(x))
        if n_unknown:
            raise InputError(
                f"The teacher of the student was not asked. Expected: an answer for each of {len(x)} events. "
                f"Received: none for {n_unknown} of them."
            )

    def shown(self, x: KerasTensor, seed: keras.random.SeedGenerator) -> KerasTensor:
        """Square images `(n, size, size, channels)`, each in one of its eight positions; other events as they are."""
        if len(x.shape) != 4 or x.shape[1] != x.shape[2]:  # noqa: PLR2004 - events, rows, columns, channels
            return x
        for moved in (partial(ops.flip, axis=1), partial(ops.flip, axis=2), _transposed):
            chosen = keras.random.randint((ops.shape(x)[0], 1, 1, 1), 0, 2, seed=seed)
            x = ops.where(chosen == 1, moved(x), x)
        return x

    def _keys(self, x: KerasTensor) -> UInt[jax.Array, " n"]:
        bits = jax.lax.bitcast_convert_type(
            jnp.reshape(jnp.asarray(x, jnp.float32), (x.shape[0], math.prod(x.shape[1:]))), jnp.uint32
        )
        bits = (bits ^ (bits >> 15)) * _MIXER
        return jnp.sum((bits ^ (bits >> 13)) * self._factors, axis=1, dtype=jnp.uint32)


def _parts(x: Float[np.ndarray, "n ..."]) -> list[Float[np.ndarray, "m ..."]]:
    return np.array_split(x, 1 + len(x) // 4096)


def _transposed(x: KerasTensor) -> KerasTensor:
    return ops.swapaxes(x, 1, 2)
