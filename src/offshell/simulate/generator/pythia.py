"""Collisions from Pythia 8 (C. Bierlich et al., arXiv:2203.11601), in batches of flat arrays."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from awkward.contents import IndexedOptionArray, ListOffsetArray
from jaxtyping import Bool, Float, Int

from offshell.errors import InputError, OffshellError, from_extra
from offshell.inputs.constituents import JET_RADIUS
from offshell.simulate.generator.event_processes import EventProcess, PartonNeed
from offshell.simulate.generator.lifetimes import LIFETIME_MAX, lifetimes
from offshell.simulate.generator.particles import DECAYED_LATER, Particles
from offshell.simulate.generator.processes import Process

with from_extra("simulate", needed="Simulation needs Pythia 8"):
    import pythia8mc

__all__ = ["OUTGOING", "Collisions", "collisions", "event_collisions", "minimum_bias", "pythia_seed"]

COMMON_SETTINGS = ("Print:quiet = on", "Beams:eCM = 14000", "PartonLevel:MPI = off", "Random:setSeed = on")
LARGEST_SEED = 900_000_000
EVENT_ENERGY = "Beams:eCM = 13000"
EVENTS_PER_BATCH = 100
# The scale in GeV at which the shower is interrupted to look at the leading jet: the hard radiation is done, most
# of the time is still to be spent.
VETO_SCALE = 10.0
HEAVY_QUARKS = (4, 5)
SCATTERED = (5, 6)  # rows of what comes out of a collision of two partons
# Status code of what comes out of the hard process or of a resonance in it (Pythia's manual, "Particle Properties").
OUTGOING = 23
RESONANCE_SHOWER = 5  # Pythia's number for the stage in which decay products radiate
ETA_MAX = 5.0
ALL_FINAL_PARTICLES = 1
TRUE_MASSES = 2


@dataclass(frozen=True)
class Collisions:
    """The whole event records of some collisions, one after the other."""

    n_tried: int
    """Hard collisions that were generated for these, those dropped early included."""
    weight: Float[np.ndarray, " events"]
    """What each collision counts for, where the generator prefers some; one otherwise."""
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


class _PartonVeto(pythia8mc.UserHooks):  # type: ignore[misc]  # pythia8mc has no types
    """Drops a collision that has nothing after the shower that could give the wanted lepton."""

    def __init__(self, need: PartonNeed, light_thinning: int, seed: int) -> None:
        super().__init__()
        self.need = need
        self.light_thinning = light_thinning
        self.random = np.random.default_rng(seed).random

    def canVetoProcessLevel(self) -> bool:
        return self.light_thinning > 1

    def doVetoProcessLevel(self, process: pythia8mc.Event) -> bool:
        heavy = any(process[row].idAbs() in HEAVY_QUARKS for row in SCATTERED)
        return not heavy and self.random() * self.light_thinning > 1

    def canVetoPartonLevel(self) -> bool:
        return True

    def doVetoPartonLevel(self, event: pythia8mc.Event) -> bool:
        eta_max, pt_min = self.need.eta_max, self.need.pt_min
        return not any(
            particle.idAbs() in eta_max
            and particle.isFinal()
            and particle.pT() > pt_min
            and abs(particle.eta()) < eta_max[particle.idAbs()]
            for particle in event
        )


def pythia_seed(seed: np.random.SeedSequence) -> int:
    """The seed of Pythia, from 1 to 900,000,000, that belongs to one of NumPy."""
    return 1 + int(seed.generate_state(1)[0]) % LARGEST_SEED


def collisions(process: Process, *, seed: int) -> Iterator[Collisions]:
    """Endless batches of collisions for jets; the same for the same seed.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
    """
    # Pythia does not keep the Python object alive, so this name must live as long as the generator.
    veto = _LeadingJetVeto(process.shower_pt) if process.shower_pt else None
    settings = (*lifetimes(process.lifetime_max), *process.settings)
    if process.pt_hat:
        low, high = process.pt_hat
        settings += (f"PhaseSpace:pTHatMin = {low}", f"PhaseSpace:pTHatMax = {high}")
    yield from _batches(_started(process.name, settings, seed, veto))


def event_collisions(process: EventProcess, *, seed: int) -> Iterator[Collisions]:
    """Endless batches of collisions for events at 13 TeV; the same for the same seed.

    Where the process asks for decays that are repeated, heavy hadrons have not decayed yet.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
    """
    stable = tuple(f"{code}:mayDecay = off" for code in DECAYED_LATER) if process.redecays else ()
    settings = (EVENT_ENERGY, *lifetimes(process.lifetime_max), *process.settings, *stable)
    veto = _PartonVeto(process.needs, process.light_thinning, seed)
    for batch in _batches(_started(process.name, settings, seed, veto)):
        thinned = np.where(_scatters_heavy_quark(batch), 1, process.light_thinning)
        yield replace(batch, weight=batch.weight * thinned)


def _scatters_heavy_quark(batch: Collisions) -> Bool[np.ndarray, " events"]:
    particles = batch.particles
    heavy = (np.abs(batch.status) == OUTGOING) & np.isin(np.abs(particles.pdg_id), HEAVY_QUARKS)
    return np.bincount(particles.event, heavy, len(batch.weight)) > 0


def minimum_bias(*, seed: int) -> Iterator[Collisions]:
    """Endless batches of ordinary inelastic collisions at 13 TeV, with multi-parton interactions: pile-up."""
    settings = (EVENT_ENERGY, *lifetimes(LIFETIME_MAX), "SoftQCD:inelastic = on", "PartonLevel:MPI = on")
    yield from _batches(_started("pile-up", settings, seed, None))


def _started(
    name: str, settings: tuple[str, ...], seed: int, veto: pythia8mc.UserHooks | None
) -> pythia8mc.Pythia:
    generator = pythia8mc.Pythia(xmlDir="", printBanner=False)
    for setting in (*COMMON_SETTINGS, f"Random:seed = {seed}", *settings):
        if not generator.readString(setting):
            raise InputError(
                f"Process {name!r}: Pythia refuses a setting. "
                f"Expected: 'key = value' as in Pythia's manual. Received: {setting!r}."
            )
    if veto:
        generator.setUserHooksPtr(veto)
    if not generator.init():
        raise InputError(
            f"Process {name!r}: Pythia cannot start. Expected: settings that switch on a hard process with "
            f"a cross section above zero. Received: {'; '.join(settings)!r}."
        )
    return generator


def _batches(generator: pythia8mc.Pythia) -> Iterator[Collisions]:
    n_tried = 0
    while True:
        batch = generator.nextBatch(EVENTS_PER_BATCH)  # skips events in which Pythia fails
        n_selected = generator.infoPython().nSelected()
        if len(batch) == 0:
            raise OffshellError(
                f"Pythia failed in {EVENTS_PER_BATCH} collisions in a row. Expected: rare failures. Received: none good."
            )
        weight = np.asarray(batch.info.weights[:, 0])
        yield _flat(batch.prt.layout, weight, n_tried=n_selected - n_tried)
        n_tried = n_selected


def _flat(layout: ListOffsetArray, weight: Float[np.ndarray, " events"], *, n_tried: int) -> Collisions:
    record = layout.content
    first = np.asarray(layout.offsets)
    event = np.repeat(np.arange(len(first) - 1), np.diff(first))
    momentum = np.stack([np.asarray(record["p"][name].data) for name in ("e", "px", "py", "pz")], axis=1)
    particles = Particles(event, np.asarray(record["id"].data), momentum, _vertices(record["vProd"]))
    mother = first[event] + np.asarray(record["mother1"].data)
    return Collisions(n_tried, weight, np.asarray(record["status"].data), mother, particles)


def _vertices(layout: IndexedOptionArray) -> Float[np.ndarray, "n 3"]:
    """Where Pythia kept no vertex, the particle comes from the collision itself."""
    index = np.asarray(layout.index)
    known = np.stack([np.asarray(layout.content[name].data) for name in ("px", "py", "pz")], axis=1)
    return np.where(index[:, None] < 0, 0.0, known[index] if len(known) else 0.0)
