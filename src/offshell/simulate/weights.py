"""Whoever takes jets or events without their weights is told that they have some."""

import logging

import numpy as np
from jaxtyping import Float

__all__ = ["warn_of_weights"]

log = logging.getLogger(__name__)


def warn_of_weights(weight: Float[np.ndarray, " n"], *, source: str, kept_by: str) -> None:
    """Log a warning unless all weights are one.

    Args:
        weight: Of each jet or event.
        source: What they are from.
        kept_by: What gives them with their weights.
    """
    if np.any(weight != 1):
        log.warning(
            "%s: the generator weighs its collisions, from %.3g to %.3g. Distributions need these weights; "
            "offshell.simulate.%s and files keep them.",
            source,
            weight.min(),
            weight.max(),
            kept_by,
        )
