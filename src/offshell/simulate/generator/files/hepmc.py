"""Collisions from HepMC (A. Buckley et al., arXiv:1912.08005): what another generator left for the detector."""

from io import BytesIO

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError, from_extra
from offshell.simulate.generator.files.events import Block
from offshell.simulate.generator.particles import Particles
from offshell.simulate.generator.records import Collisions

with from_extra("hepmc", needed="Files of HepMC need pyhepmc"):
    import pyhepmc

__all__ = ["hepmc_collisions"]

FINAL = 1
"""Status code of what no generator changes any more."""


def hepmc_collisions(block: Block) -> Collisions:
    """The final particles of a block of events.

    Raises:
        InputError: An event cannot be read.
    """
    with pyhepmc.open(BytesIO(block.text)) as file:
        events = list(file)
    if len(events) != block.n_events:
        raise InputError(
            f"{block.source}: damaged. Expected: {block.n_events} events in a row. Received: {len(events)} that can be read."
        )
    for event in events:
        event.set_units(pyhepmc.Units.GEV, pyhepmc.Units.MM)
    parts = [_final(event, number) for number, event in enumerate(events)]
    particles = Particles(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Particles.__annotations__)
    )
    weight = np.array([event.weights[0] if event.weights else 1.0 for event in events])
    return Collisions(
        n_tried=len(events),
        weight=weight,
        pt_hat=np.full(len(events), np.nan),
        status=np.full(len(particles), FINAL),
        mother=np.arange(len(particles)),
        particles=particles,
    )


def _final(event: pyhepmc.GenEvent, number: int) -> Particles:
    columns = event.numpy.particles
    rows = np.flatnonzero(columns.status == FINAL)
    momentum = np.stack([columns.e, columns.px, columns.py, columns.pz], axis=1)[rows]
    return Particles(np.full(len(rows), number), columns.pid[rows], momentum, _vertices(event)[rows])


def _vertices(event: pyhepmc.GenEvent) -> Float[np.ndarray, "n 3"]:
    """Where each particle was made, in mm; the origin where the file does not say."""
    vertices = np.zeros((len(event.particles), 3))
    for vertex in event.vertices:
        position = vertex.position
        if position.x or position.y or position.z:
            rows = [particle.id - 1 for particle in vertex.particles_out]
            vertices[rows] = position.x, position.y, position.z
    return vertices
