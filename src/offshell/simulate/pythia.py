"""Collisions from Pythia 8 (C. Bierlich et al., arXiv:2203.11601), in batches of flat arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from offshell.errors import MissingDependencyError
from offshell.simulate.particles import Particles
from offshell.simulate.processes import Process

try:
    import pythia8mc
except ImportError as error:
    raise MissingDependencyError(
        "Simulation needs Pythia 8. Expected: the package pythia8mc; pip install 'offshell[simulate]'. "
        "Received: it is not installed."
    ) from error

__all__ = ["Collisions", "collisions"]

BEAMS = (
    "Beams:eCM = 14000",
    "PartonLevel:MPI = off",
)
SILENCE = ("Print:quiet = on",)
EVENTS_PER_BATCH = 200
# The scale in GeV at which the shower is interrupted to look at the leading jet: the hard radiation is done, most
# of the time is still to be spent.
VETO_SCALE = 10.0
JET_RADIUS = 0.8


@dataclass(frozen=True)
class Collisions:
    """The whole event records of some collisions, one after the other."""

    n_tried: int
    """Hard collisions that were generated for these, those dropped early included."""
    first: Int[np.ndarray, " events_and_one"]
    """Row at which each event begins, and the end."""
    status: Int[np.ndarray, " n"]
    mother: Int[np.ndarray, " n"]
    """Row of the (first) mother."""
    particles: Particles

    @property
    def n_events(self) -> int:
        """How many collisions there are."""
        return len(self.first) - 1

    @property
    def final(self) -> Particles:
        """Only the particles that are left at the end."""
        return self.particles.where(self.status > 0)


class _LeadingJetVeto(pythia8mc.UserHooks):  # type: ignore[misc]  # pythia8mc has no types
    """Drops a collision whose leading jet, early in the shower, is far from the wanted range."""

    def __init__(self, pt_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = pt_range
        # anti-kT, all final particles, true masses, Pythia's own code (fjcore would print a banner)
        self.jets = pythia8mc.SlowJet(-1, JET_RADIUS, self.low, 5.0, 1, 2, None, False, True)

    def canVetoPT(self) -> bool:  # noqa: N802  a name that Pythia calls
        return True

    def scaleVetoPT(self) -> float:  # noqa: N802  a name that Pythia calls
        return VETO_SCALE

    def doVetoPT(self, _stage: int, event: pythia8mc.Event) -> bool:  # noqa: N802  a name that Pythia calls
        self.jets.analyze(event)
        return self.jets.sizeJet() == 0 or self.jets.pT(0) > self.high


def collisions(process: Process, *, seed: int) -> Iterator[Collisions]:
    """Endless batches of collisions; the same for the same seed.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
    """
    generator = pythia8mc.Pythia("", False)
    for setting in (*SILENCE, *BEAMS, "Random:setSeed = on", f"Random:seed = {seed}", *process.settings):
        generator.readString(setting)
    if process.shower_pt is not None:
        generator.setUserHooksPtr(_LeadingJetVeto(process.shower_pt))
    generator.init()
    n_tried = 0
    while True:
        batch = generator.nextBatch(EVENTS_PER_BATCH)
        n_selected = generator.infoPython().nSelected()
        yield _flat(batch.prt.layout, n_tried=n_selected - n_tried)
        n_tried = n_selected


def _flat(layout, *, n_tried: int) -> Collisions:
    record = layout.content
    first = np.asarray(layout.offsets)
    event = np.repeat(np.arange(len(first) - 1), np.diff(first))
    momentum = np.stack([np.asarray(record["p"][name].data) for name in ("e", "px", "py", "pz")], axis=1)
    particles = Particles(event, np.asarray(record["id"].data), momentum, _vertices(record["vProd"]))
    mother = first[event] + np.asarray(record["mother1"].data)
    return Collisions(n_tried, first, np.asarray(record["status"].data), mother, particles)


def _vertices(layout):
    """Where Pythia kept no vertex, the particle comes from the collision itself."""
    index = np.asarray(layout.index)
    known = np.stack([np.asarray(layout.content[name].data) for name in ("px", "py", "pz")], axis=1)
    return np.where(index[:, None] < 0, 0.0, known[index] if len(known) else 0.0)
