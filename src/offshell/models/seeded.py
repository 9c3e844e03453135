"""A block of code whose random numbers follow from a seed, while those of the user go on as if it had never run."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

__all__ = ["seeded"]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the global generators that layers take their own seeds from, and put them back afterwards.

    Keras asks Python's for the seeds of first weights and of noise, HGQ2 asks NumPy's for those of its quantizers.

    Args:
        seed: between 0 and 2**32 - 1, as NumPy wants it.
    """
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - the user's
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002
