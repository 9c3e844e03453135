"""Seeds of Pythia that differ by construction: a sample has as many as Pythia knows, and no two of its parts have the same."""

from zlib import crc32

import numpy as np

__all__ = ["LARGEST_SEED", "part_seed"]

LARGEST_SEED = 900_000_000
"""Pythia knows those from 1 to this."""

# Without a common divisor with the number of seeds, so that multiplying by it takes each number to another one.
_STEP = 556_230_581


def part_seed(seed: int, number: int, *, sample: str = "") -> int:
    """The seed of Pythia for a part of a sample: for one sample and seed, different numbers give different seeds.

    Args:
        seed: Of the sample.
        number: Of the part, from 0 to 899,999,999.
        sample: What tells samples of the same seed apart; they start at different places in the same ring of seeds.

    Example:
        >>> len({part_seed(1, number) for number in range(10_000)})
        10000
    """
    start = int(np.random.SeedSequence([seed, crc32(sample.encode())]).generate_state(1, np.uint64)[0])
    return 1 + (start + number * _STEP) % LARGEST_SEED
