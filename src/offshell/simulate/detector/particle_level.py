"""What clustering gets to see: what a detector makes of particles, or the particles themselves."""

import numpy as np

from offshell.simulate.detector.calorimeter import EnergyFlow, energy_flow
from offshell.simulate.detector.response import Detector
from offshell.simulate.generator.particles import CHARGES, INVISIBLE, Particles, by_code

__all__ = ["seen", "visible_particles"]


def seen(particles: Particles, detector: Detector | None, rng: np.random.Generator) -> EnergyFlow:
    """The energy flow that a detector reports of the final particles of many events; `visible_particles` if there is none.

    Args:
        particles: Those that are left at the end of each collision.
        detector: What measures them.
        rng: Draws what the detector does by chance.
    """
    return visible_particles(particles) if detector is None else energy_flow(particles, detector, rng)


def visible_particles(particles: Particles) -> EnergyFlow:
    """All particles but neutrinos and dark matter as they are, wherever they were made and whatever their direction.

    Args:
        particles: Those that are left at the end of each collision; charged ones keep their code, as tracks do.
    """
    visible = particles.where(~np.isin(np.abs(particles.pdg_id), INVISIBLE))
    is_charged = by_code(CHARGES, visible.pdg_id, otherwise=0) != 0
    return EnergyFlow(visible.event, visible.momentum, np.where(is_charged, visible.pdg_id, 0))
