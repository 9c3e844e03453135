"""Scores as calibrated probabilities: how rarely the background looks this anomalous."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.evaluate.separation.ranking import checked_scores
from offshell.evaluate.separation.sample import Groups, Weights, sample

__all__ = ["p_value"]


def p_value(
    background_scores: Float[np.ndarray, " n_background"],
    scores: Float[np.ndarray, " n"],
    *,
    weights: Weights | None = None,
    groups: Groups | None = None,
) -> Float[np.ndarray, " n"]:
    r"""Returns for each score the probability that a background event scores at least as high.

    .. math:: p(s) = \frac{1 + \#\{b \geq s\}}{n + 1}

    which for new background events is at most `a` with probability at most `a`, whatever the distribution and the ties
    (Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39; conformal p-value of Vovk, Gammerman and Shafer
    2005). Background events that the detector was not trained on are needed for that. No p-value is below 1 / (n + 1):
    more background says more. With weights or parents, one is what counts as one of the events (see
    `unit`), and n the sum of all weights; then they hold on average, not exactly.

    Args:
        background_scores: Scores of n background events.
        scores: Scores of the events in question.
        weights: Weights of background events, not below zero; None for one each.
        groups: Parents of background events, integers that events of one collision share; None for independent events.

    Raises:
        InputError: If scores are empty, not one-dimensional or not finite, or weights or groups do not belong to them, or
            weights are below zero, with which a probability can fall where a score rises.

    Example:
        >>> p_value(np.array([1.0, 2.0, 3.0]), np.array([0.5, 3.0, 9.0]))
        array([1.  , 0.5 , 0.25])
    """
    background = sample(background_scores, "background_scores", weights=weights, groups=groups)
    if background.weights is not None and (background.weights < 0).any():
        raise InputError(
            "A p-value cannot be had from negative weights. Expected: none below zero. "
            f"Received: {background.weights.min():.3g}."
        )
    asked = checked_scores(scores, "scores")
    just_below = np.nextafter(asked, -np.inf)
    one = background.unit(-np.inf)
    return (one + background.above(just_below)) / (background.total + one)
