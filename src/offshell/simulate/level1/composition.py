"""Which process the events of a chunk are from, in their order; a black box hides a signal among them."""

import numpy as np

from offshell.simulate.generator.processes.of_events import BACKGROUND, BLACK_BOX, MIXTURE

__all__ = ["EVENTS_PER_CHUNK", "SIGNALS", "chunk_names", "hidden_signal"]

EVENTS_PER_CHUNK = 4000
"""Events that share a seed. Fixed, so that the result does not depend on the number of workers."""

SIGNALS = ("a-4l", "leptoquark", "h-tautau", "hch-taunu")

LEAST_SHARE, LARGEST_SHARE = 0.002, 0.02
"""Of the signal in a black box."""


def chunk_names(process: str, seed: int, index: int) -> list[str]:
    """The process of each event of a full chunk.

    A mixture has the same number of each process in every chunk.

    Args:
        process: A process, ``"background"`` or ``"black-box"``.
        seed: Of the sample.
        index: Number of the chunk.
    """
    if process not in (BACKGROUND, BLACK_BOX):
        return [process] * EVENTS_PER_CHUNK
    rng = np.random.default_rng(np.random.SeedSequence([seed, index]).spawn(1)[0])
    counts = [round(share * EVENTS_PER_CHUNK) for share in MIXTURE.values()]
    names = [str(name) for name in rng.permutation(np.repeat(list(MIXTURE), counts))]
    if process == BLACK_BOX:
        signal, share = hidden_signal(seed)
        for place in rng.choice(EVENTS_PER_CHUNK, round(share * EVENTS_PER_CHUNK), replace=False):
            names[place] = signal
    return names


def hidden_signal(seed: int) -> tuple[str, float]:
    """The signal of a black box and its share, both drawn from the seed; the share evenly in its logarithm."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0, 2]))
    return str(rng.choice(SIGNALS)), float(LEAST_SHARE * (LARGEST_SHARE / LEAST_SHARE) ** rng.random())
