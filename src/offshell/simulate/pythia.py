"""Collisions from Pythia 8 (C. Bierlich et al., arXiv:2203.11601), in batches of flat arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from awkward.contents import IndexedOptionArray, ListOffsetArray
from jaxtyping import Float, Int

from offshell.errors import InputError, MissingDependencyError, OffshellError
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

COMMON_SETTINGS = ("Print:quiet = on", "Beams:eCM = 14000", "PartonLevel:MPI = off", "Random:setSeed = on")
EVENTS_PER_BATCH = 100
# The scale in GeV at which the shower is interrupted to look at the leading jet: the hard radiation is done, most
# of the time is still to be spent.
VETO_SCALE = 10.0
RESONANCE_SHOWER = 5  # Pythia's number for the stage in which decay products radiate
JET_RADIUS = 0.8
ETA_MAX = 5.0
ALL_FINAL_PARTICLES = 1
TRUE_MASSES = 2


@dataclass(frozen=True)
class Collisions:
    """The whole event records of some collisions, one after the other."""

    n_tried: int
    """Hard collisions that were generated for these, those dropped early included."""
    status: Int[np.ndarray, " n"]
    mother: Int[np.ndarray, " n"]
    """Row of the (first) mother."""
    particles: Particles

    @property
    def final(self) -> Particles:
        """Only the particles that are left at the end."""
        return self.particles.where(self.status > 0)


class _LeadingJetVeto(pythia8mc.UserHooks):  # type: ignore[misc]  # pythia8mc has no types
    """Drops a collision whose leading jet, early in the shower, is far from the wanted range."""

    def __init__(self, pt_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = pt_range
        # Pythia's own anti-kT: fjcore would print a banner.
        self.jets = pythia8mc.SlowJet(
            powerIn=-1,
            Rin=JET_RADIUS,
            pTjetMinIn=self.low,
            etaMaxIn=ETA_MAX,
            selectIn=ALL_FINAL_PARTICLES,
            massSetIn=TRUE_MASSES,
            sjHookPtrIn=None,
            useFJcoreIn=False,
            useStandardRin=True,
        )

    def canVetoPT(self) -> bool:
        return True

    def scaleVetoPT(self) -> float:
        return VETO_SCALE

    def doVetoPT(self, stage: int, event: pythia8mc.Event) -> bool:
        if stage == RESONANCE_SHOWER:
            return False
        self.jets.analyze(event)
        return bool(self.jets.sizeJet() == 0 or self.jets.pT(0) > self.high)


def collisions(process: Process, *, seed: int) -> Iterator[Collisions]:
    """Endless batches of collisions; the same for the same seed.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
    """
    generator = pythia8mc.Pythia(xmlDir="", printBanner=False)
    for setting in (*COMMON_SETTINGS, f"Random:seed = {seed}", *process.settings):
        if not generator.readString(setting):
            raise InputError(
                f"Process {process.name!r}: Pythia refuses a setting. "
                f"Expected: 'key = value' as in Pythia's manual. Received: {setting!r}."
            )
    # Pythia does not keep the Python object alive, so this name must live as long as the generator.
    veto = _LeadingJetVeto(process.shower_pt) if process.shower_pt else None
    if veto:
        generator.setUserHooksPtr(veto)
    if not generator.init():
        raise InputError(
            f"Process {process.name!r}: Pythia cannot start. Expected: settings that switch on a hard process with "
            f"a cross section above zero. Received: {'; '.join(process.settings)!r}."
        )
    yield from _batches(generator)


def _batches(generator: pythia8mc.Pythia) -> Iterator[Collisions]:
    n_tried = 0
    while True:
        batch = generator.nextBatch(EVENTS_PER_BATCH)  # skips events in which Pythia fails
        n_selected = generator.infoPython().nSelected()
        if len(batch) == 0:
            raise OffshellError(
                f"Pythia failed in {EVENTS_PER_BATCH} collisions in a row. Expected: rare failures. Received: none good."
            )
        yield _flat(batch.prt.layout, n_tried=n_selected - n_tried)
        n_tried = n_selected


def _flat(layout: ListOffsetArray, *, n_tried: int) -> Collisions:
    record = layout.content
    first = np.asarray(layout.offsets)
    event = np.repeat(np.arange(len(first) - 1), np.diff(first))
    momentum = np.stack([np.asarray(record["p"][name].data) for name in ("e", "px", "py", "pz")], axis=1)
    particles = Particles(event, np.asarray(record["id"].data), momentum, _vertices(record["vProd"]))
    mother = first[event] + np.asarray(record["mother1"].data)
    return Collisions(n_tried, np.asarray(record["status"].data), mother, particles)


def _vertices(layout: IndexedOptionArray) -> Float[np.ndarray, "n 3"]:
    """Where Pythia kept no vertex, the particle comes from the collision itself."""
    index = np.asarray(layout.index)
    known = np.stack([np.asarray(layout.content[name].data) for name in ("px", "py", "pz")], axis=1)
    return np.where(index[:, None] < 0, 0.0, known[index] if len(known) else 0.0)
