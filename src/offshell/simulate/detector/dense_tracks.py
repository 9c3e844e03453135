"""Tracks so close to each other that a pixel layer takes them for one, as in Delphes' DenseTrackFilter."""

import numpy as np
from jaxtyping import Bool

from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.flight import exits, starts_inside
from offshell.simulate.detector.response import PixelLayer
from offshell.simulate.generator.particles import Particles

__all__ = ["survives"]


def survives(particles: Particles, pixels: PixelLayer) -> Bool[np.ndarray, " n"]:
    """Which charged particles are the hardest in their cell of the layer; those made outside of it are in none."""
    rows = np.flatnonzero((particles.charge != 0) & starts_inside(particles, pixels))
    charged = particles.where(rows)
    _, eta, phi = pt_eta_phi(exits(charged, pixels)[0])
    seen = np.abs(eta) < pixels.eta_max
    rows, charged, eta, phi = rows[seen], charged.where(seen), eta[seen], phi[seen]
    cell = np.floor((phi + np.pi) / pixels.cell) + np.floor(eta / pixels.cell) * np.ceil(
        2 * np.pi / pixels.cell
    )
    order = np.lexsort((charged.pt, cell, charged.event))
    changes = (np.diff(charged.event[order]) != 0) | (np.diff(cell[order]) != 0)
    hardest = np.zeros(len(particles), dtype=bool)
    hardest[rows[order[np.append(changes, True)[: len(order)]]]] = True
    return hardest
