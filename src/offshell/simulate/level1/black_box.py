"""What is in a black box, for its organizer."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from offshell.simulate.counts import check_counts
from offshell.simulate.generator.processes.of_events import BLACK_BOX
from offshell.simulate.level1.composition import EVENTS_PER_CHUNK, chunk_names, hidden_signal

__all__ = ["Unblinded", "unblinded"]


@dataclass(frozen=True)
class Unblinded:
    """The answer to a black box."""

    signal: str
    """Name of the process."""
    share: float
    """Of all events."""
    is_signal: Bool[np.ndarray, " n"]


def unblinded(seed: int, n_events: int) -> Unblinded:
    """Tell which of the events of ``events("black-box", n_events, seed=seed)`` are signal, and of what.

    No file of a black box holds this, but who knows the seed can ask: an organizer keeps it to himself.

    Raises:
        InputError: A number is out of range.

    Example:
        >>> 0.002 <= unblinded(1, 4000).is_signal.mean() <= 0.02
        True
    """
    check_counts(n_events=n_events, seed=seed, workers=None)
    signal, share = hidden_signal(seed)
    n_chunks = -(-n_events // EVENTS_PER_CHUNK)
    names = [name for index in range(n_chunks) for name in chunk_names(BLACK_BOX, seed, index)]
    return Unblinded(signal, share, np.array(names[:n_events]) == signal)
