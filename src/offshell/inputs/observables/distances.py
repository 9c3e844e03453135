"""How far particles are from each other in rapidity and azimuth."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.observables.compiled import compiled

__all__ = ["distance2", "distances"]


@compiled
def distance2(y: float, phi: float, other_y: float, other_phi: float) -> float:
    """The squared distance of two directions."""
    turn = abs(phi - other_phi)
    turn = min(turn, 2 * np.pi - turn)
    return (y - other_y) * (y - other_y) + turn * turn


@compiled
def distances(y: Float[np.ndarray, " n"], phi: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n n"]:
    """Of each particle from each other."""
    n = len(y)
    apart = np.empty((n, n))
    for one in range(n):
        for two in range(n):
            apart[one, two] = np.sqrt(distance2(y[one], phi[one], y[two], phi[two]))
    return apart
