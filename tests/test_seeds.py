"""No two parts of a sample have the same seed of Pythia."""

import numpy as np

from offshell.simulate.level1.production import EVENT_PROCESSES
from offshell.simulate.seeds import _STEP, LARGEST_SEED, part_seed
from offshell.simulate.shares import shares


def test_ten_million_jets_have_different_seeds_that_pythia_knows():
    seeds = np.array([share.generator_seed for share in shares(None, 10_000_000, per_share=500, seed=3)])
    assert len(np.unique(seeds)) == 20_000
    assert seeds.min() >= 1
    assert seeds.max() <= LARGEST_SEED


def test_numbers_are_taken_to_seeds_one_to_one():
    # A step without a common divisor visits each of the seeds once before it comes back.
    assert np.gcd(_STEP, LARGEST_SEED) == 1
    assert part_seed(1, LARGEST_SEED) == part_seed(1, 0) != part_seed(1, LARGEST_SEED - 1)


def test_samples_and_seeds_start_elsewhere():
    starts = {part_seed(seed, 0, sample=name) for seed in range(50) for name in EVENT_PROCESSES}
    assert len(starts) == 50 * len(EVENT_PROCESSES)
