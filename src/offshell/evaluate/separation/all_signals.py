"""All signals together as one more signal, which asks for a score that finds any of them."""

import numpy as np
from jaxtyping import Float, Int

__all__ = ["NAME", "with_all_signals", "with_parents_of_all"]

BySample = dict[str, dict[str, Float[np.ndarray, " n"]]]

Parents = Int[np.ndarray, " n"]

NAME = "all-signals"
"""Of the signal that is made from all others."""


def with_all_signals(scores: BySample) -> BySample:
    """Returns the scores of the samples, the background first, and those of all signals one after the other as `all-signals`.

    Signals of equal size have equal shares in it, as top, W and Z in Hao et al. (arXiv:2212.07347).

    Args:
        scores: `{sample: {score: (n,)}}`.
    """
    _, *signals = scores.values()
    names = set.intersection(*map(set, signals))
    joined = {
        name: np.concatenate([signal[name] for signal in signals]) for name in signals[0] if name in names
    }
    return {**scores, NAME: joined}


def with_parents_of_all(parents: dict[str, Parents], signals: list[str], n_events: int) -> dict[str, Parents]:
    """Returns the parents of the samples, and those of `all-signals` if a signal has some; signals share none.

    Args:
        parents: Parents by sample, of samples whose events share some.
        signals: The signals in the order in which they are joined.
        n_events: Events of each signal.
    """
    if not parents.keys() & set(signals):
        return parents
    numbers = [np.unique(parents.get(name, np.arange(n_events)), return_inverse=True)[1] for name in signals]
    joined = np.concatenate([number + place * n_events for place, number in enumerate(numbers)])
    return {**parents, NAME: joined}
