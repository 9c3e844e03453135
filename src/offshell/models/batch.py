"""How many events a compiled detector handles at once, and how many events become batches of few sizes."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import keras
import numpy as np
from jaxtyping import Float

__all__ = ["batches", "batchwise", "events_at_once"]

Events = Float[np.ndarray, "n ..."]


def events_at_once(shape: tuple[int, ...]) -> int:
    """The batch that is fastest on a CPU without training: 4096 vectors, or 128 events of more axes, such as images.

    Measured on 2 cores: an autoencoder of 57 inputs scored 0.3, 0.9, 1.7, 1.7 and 1.0 million events a second in
    batches of 128, 1024, 4096, 16384 and 65536. Convolutional networks on 16x16 images lost 14 % at 512 and 25 to 30 % at
    1024 against 128, on 40x40 images they lost nothing.

    Args:
        shape: of one event.
    """
    return 4096 if len(shape) == 1 else 128


def batches(x: Events, size: int) -> Iterator[tuple[Events, int]]:
    """Batches of events with their numbers of events; what lies beyond that number in a short batch only fills it up.

    Each new shape would be compiled anew: the last batch becomes as long as those before it, and a single one as long
    as a power of two.

    Args:
        x: events of shape `(n, ...)`.
        size: events in a batch at most.
    """
    for start in range(0, len(x), size):
        batch = np.asarray(x[start : start + size], np.float32)
        full = size if len(x) > size else min(size, 1 << (len(batch) - 1).bit_length())
        yield batch if len(batch) == full else np.resize(batch, (full, *batch.shape[1:])), len(batch)


def batchwise(model: keras.Model, method: Callable[[Any], Any]) -> Callable[[Events], Any]:
    """A method of a built model for many events: compiled once, and batch by batch.

    Args:
        model: a model with the weights that it has now.
        method: from a batch of events to arrays of shape `(n, ...)`, on their own or in tuples and dictionaries.

    Returns:
        From events of shape `(n, ...)` to the same as NumPy arrays.
    """
    values = [variable.value for variable in model.variables]

    @jax.jit
    def compiled(values: list[jax.Array], batch: jax.Array) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(model.variables, values, strict=True))):
            return method(batch)

    def made(x: Events) -> Any:
        parts = [
            jax.tree.map(lambda array, n=n_events: np.asarray(array)[:n], compiled(values, batch))
            for batch, n_events in batches(x, events_at_once(x.shape[1:]))
        ]
        return jax.tree.map(lambda *arrays: np.concatenate(arrays), *parts)

    return made
