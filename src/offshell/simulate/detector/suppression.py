"""What is left of events when PUPPI has taken the pile-up away."""

import numpy as np

from offshell.inputs.momenta import pt_eta_phi
from offshell.simulate.detector.calorimeter import EnergyFlow
from offshell.simulate.detector.pileup import Overlaid
from offshell.simulate.detector.puppi import FROM_HARD, FROM_PILEUP, NEUTRAL, Measured, puppi_weights
from offshell.simulate.generator.particles import is_electron_or_muon

__all__ = ["without_pileup"]


def without_pileup(events: Overlaid, *, as_delphes: bool = True) -> EnergyFlow:
    """What is left of each event after `puppi_weights`, whose options are the same; leptons of the hard collision are kept."""
    flow = events.flow
    pt, eta, phi = pt_eta_phi(flow.momentum)
    origin = np.where(flow.pdg_id == 0, NEUTRAL, np.where(events.is_pileup, FROM_PILEUP, FROM_HARD))
    is_lepton = is_electron_or_muon(flow.pdg_id)
    weight = (is_lepton & ~events.is_pileup).astype(float)
    others = np.flatnonzero(~is_lepton)
    objects = Measured(flow.event[others], pt[others], eta[others], phi[others], origin[others])
    weight[others] = puppi_weights(objects, events.n_vertices, as_delphes=as_delphes)
    kept = weight > 0
    return EnergyFlow(flow.event[kept], flow.momentum[kept] * weight[kept, None], flow.pdg_id[kept])
