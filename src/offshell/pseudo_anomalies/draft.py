"""A jet before it is cut at its radius and brought to its place in the detector."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Draft"]


@dataclass(frozen=True)
class Draft:
    """What a family of pseudo-anomalies draws."""

    particles: Float[np.ndarray, "n particles 4"]
    """pt in GeV, eta and phi relative to any axis, and energy over momentum; pt is 0 for padding, in any order."""
    jet: Int[np.ndarray, " n"]
    """The jets of the pool whose transverse momentum and direction the result has."""
    n_prongs: Int[np.ndarray, " n"]
    mass: Float[np.ndarray, " n"]
    """Of what decays, in GeV."""
