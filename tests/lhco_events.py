"""Observables of events with two hard jets as the LHC Olympics 2020 have them: of massless particles."""

import numpy as np

from offshell.inputs import substructure
from offshell.inputs.momenta import dijet_mass, pt_eta_phi
from offshell.inputs.observables import DOZEN, of_jets
from offshell.simulate import Beam, Process

# What makes simulated events look like theirs. No published text says so; see docs/simulation_dijets.md.
LHCO_QCD = Process(
    "qcd",
    settings=(
        "HardQCD:all = on",
        "PhaseSpace:pTHatMin = 1100",
        "ParticleDecays:limitCylinder = on",
        "ParticleDecays:xyMax = 1290",
        "ParticleDecays:zMax = 3000",
    ),
    beam=Beam(13),
    lifetime_max=None,
)


def massless(constituents):
    particles = constituents.astype(np.float64)
    particles[..., 0] = np.linalg.norm(particles[..., 1:], axis=-1)
    return particles


def observables(dijets):
    """By name: of the event, and of its heavier and its lighter jet."""
    particles = massless(dijets.constituents)
    jets = particles.sum(axis=2)
    pt, _, _ = pt_eta_phi(jets)
    mass_order = np.argsort(-substructure.mass(particles.reshape(-1, *particles.shape[2:])).reshape(-1, 2))
    found = {"m_jj": dijet_mass(jets), "pt_1": pt[:, 0], "pt_2": pt[:, 1]}
    for place, name in enumerate(("heavier", "lighter")):
        chosen = particles[np.arange(len(particles)), mass_order[:, place]]
        columns = of_jets(chosen.astype(np.float32), DOZEN).T
        found |= {f"{name}_{column}": values for column, values in zip(DOZEN, columns, strict=True)}
    return {name: values.astype(np.float32) for name, values in found.items()}
