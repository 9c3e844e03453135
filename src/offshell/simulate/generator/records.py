"""What a generator hands on: the records of many collisions, one after the other."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from offshell.simulate.generator.particles import Particles

__all__ = ["Collisions"]


@dataclass(frozen=True)
class Collisions:
    """The whole event records of some collisions."""

    n_tried: int
    """Hard collisions that were generated for these, those dropped early included."""
    weight: Float[np.ndarray, " events"]
    """What each collision counts for, where the generator prefers some; one otherwise."""
    pt_hat: Float[np.ndarray, " events"]
    """Transverse momentum of the hard process in GeV; NaN where a file does not say."""
    status: Int[np.ndarray, " n"]
    mother: Int[np.ndarray, " n"]
    """Row of the (first) mother."""
    particles: Particles

    @property
    def final(self) -> Particles:
        """Only the particles that are left at the end."""
        return self.particles.where(self.status > 0)
