"""Files of collisions as other generators write them."""

import numpy as np
import pyhepmc


def gluons(pt, pz, phi):
    """One event of two gluons that become two, back to back."""
    energy, px, py = np.hypot(pt, pz), pt * np.cos(phi), pt * np.sin(phi)
    rows = [(-1, 0, 501, 502, 0, 0, energy), (-1, 0, 502, 503, 0, 0, -energy)]
    rows += [(1, 1, 501, 504, px, py, pz), (1, 1, 504, 503, -px, -py, -pz)]
    lines = [
        f"21 {status} {mother} {2 * mother} {color} {anticolor} {x:.9e} {y:.9e} {z:.9e} {energy:.9e} 0.0 0. 9."
        for status, mother, color, anticolor, x, y, z in rows
    ]
    return "\n".join(["<event>", f"4 1 1.0 {pt:.3e} 0.0078 0.1", *lines, "</event>", ""])


def lhe_text(n_events, *, pt):
    """A file of such events."""
    rng = np.random.default_rng(1)
    header = """<LesHouchesEvents version="1.0">
<init>
2212 2212 6500.0 6500.0 0 0 0 0 3 1
1.0 1.0 1.0 1
</init>
"""
    drawn = zip(rng.uniform(-400, 400, n_events), rng.uniform(0, 6, n_events), strict=True)
    return header + "".join(gluons(pt, pz, phi) for pz, phi in drawn) + "</LesHouchesEvents>\n"


def write_hepmc(path, batch):
    """Writes the final particles of collisions, each from a vertex of its own, in other units than ours."""
    particles = batch.final
    with pyhepmc.open(path, "w") as file:
        for number in range(len(batch.weight)):
            file.write(hepmc_event(number, particles.where(particles.event == number)))


def hepmc_event(number, particles):
    """One event of weight 0.5."""
    event = pyhepmc.GenEvent(pyhepmc.Units.MEV, pyhepmc.Units.CM)
    event.event_number = number
    event.weights = [0.5]
    for code, momentum, place in zip(particles.pdg_id, particles.momentum, particles.vertex, strict=True):
        vertex = pyhepmc.GenVertex((*place / 10, 0.0))
        vertex.add_particle_in(pyhepmc.GenParticle((0, 0, 1, 1), 21, 2))
        vertex.add_particle_out(pyhepmc.GenParticle((*1000 * np.roll(momentum, -1),), int(code), 1))
        event.add_vertex(vertex)
    return event
