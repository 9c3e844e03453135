"""Scores as calibrated probabilities: how rarely the background looks this anomalous."""

import numpy as np
from jaxtyping import Float

from offshell.evaluate.separation.ranking import checked_scores

__all__ = ["p_value"]


def p_value(
    background_scores: Float[np.ndarray, " n_background"], scores: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    r"""Returns for each score the probability that a background event scores at least as high.

    .. math:: p(s) = \frac{1 + \#\{b \geq s\}}{n + 1}

    which for new background events is at most `a` with probability at most `a`, whatever the distribution and the ties
    (Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39; conformal p-value of Vovk, Gammerman and Shafer
    2005). Background events that the detector was not trained on are needed for that. No p-value is below 1 / (n + 1):
    more background says more.

    Args:
        background_scores: Scores of n background events.
        scores: Scores of the events in question.

    Raises:
        InputError: If scores are empty, not one-dimensional or not finite.

    Example:
        >>> p_value(np.array([1.0, 2.0, 3.0]), np.array([0.5, 3.0, 9.0]))
        array([1.  , 0.5 , 0.25])
    """
    rising = np.sort(checked_scores(background_scores, "background_scores"))
    n_at_least = len(rising) - np.searchsorted(rising, checked_scores(scores, "scores"), side="left")
    return (1 + n_at_least) / (len(rising) + 1)
