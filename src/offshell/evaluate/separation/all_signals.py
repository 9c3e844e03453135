"""All signals together as one more signal, which asks for a score that finds any of them."""

import numpy as np
from jaxtyping import Float

__all__ = ["NAME", "with_all_signals"]

BySample = dict[str, dict[str, Float[np.ndarray, " n"]]]

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
