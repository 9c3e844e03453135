"""Collisions from Pythia 8 (C. Bierlich et al., arXiv:2203.11601), in batches of flat arrays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import awkward as ak
import numpy as np
from awkward.contents import IndexedOptionArray, ListOffsetArray
from jaxtyping import Float

from offshell.errors import InputError, OffshellError, from_extra
from offshell.simulate.generator.beam import Beam
from offshell.simulate.generator.files.events import HEPMC, Block, hard_processes
from offshell.simulate.generator.lifetimes import LIFETIME_MAX, lifetimes
from offshell.simulate.generator.particles import DECAYED_LATER, Particles
from offshell.simulate.generator.processes.of_events import EventProcess
from offshell.simulate.generator.processes.process import Process
from offshell.simulate.generator.records import Collisions
from offshell.simulate.generator.visibility import with_visibility
from offshell.simulate.ragged import first_rows

with from_extra("simulate", needed="Simulation needs Pythia 8"):
    import pythia8mc

    from offshell.simulate.generator.vetoes import HARD_OUTGOING, LeadingJetVeto, PartonVeto

__all__ = [
    "EVENTS_PER_BATCH",
    "OUTGOING",
    "PILEUP_ENERGY",
    "Part",
    "collisions",
    "event_collisions",
    "hard_part",
    "minimum_bias",
    "soft_part",
]

QUIET = "Print:quiet = on"
# Pythia's search of each record for damage costs 3 % and finds none in processes of the table.
UNCHECKED = "Check:event = off"
PILEUP_ENERGY = 13.0
EVENTS_PER_BATCH = 100
# Status code of what comes out of the hard process or of a resonance in it (Pythia's manual, "Particle Properties").
OUTGOING = 23


def collisions(process: Process, *, seed: int, block: Block | None = None) -> Iterator[Collisions]:
    """Batches of collisions for jets; the same for the same seed.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
        block: Events of a file, after which the batches end; None for hard processes without end.

    Raises:
        InputError: Pythia refuses a setting or cannot read the block, or a new particle is neither visible nor invisible.
    """
    if block is not None and block.layout == HEPMC:
        batches = _whole_events(block)
    else:
        batches = _generated(process, seed, block)
    for batch in batches:
        yield with_visibility(batch, process)


def _whole_events(block: Block) -> Iterator[Collisions]:
    from offshell.simulate.generator.files.hepmc import hepmc_collisions  # noqa: PLC0415 - an extra

    yield hepmc_collisions(block)


def _generated(process: Process, seed: int, block: Block | None) -> Iterator[Collisions]:
    # Pythia does not keep the Python object alive, so this name must live as long as the generator.
    veto = LeadingJetVeto(process.shower_pt) if process.shower_pt else None
    settings = (*process.beam.settings, *lifetimes(process.lifetime_max), *process.settings)
    if process.pt_hat:
        low, high = process.pt_hat
        settings += (f"PhaseSpace:pTHatMin = {low}", f"PhaseSpace:pTHatMax = {high}")
    with hard_processes(block) as reading:
        yield from _batches(_started(process.name, (*settings, *reading), seed, veto))


def event_collisions(process: EventProcess, *, seed: int, block: Block | None = None) -> Iterator[Collisions]:
    """Batches of collisions for events; the same for the same seed.

    Where the process asks for decays that are repeated, heavy hadrons have not decayed yet.

    Args:
        process: What to generate.
        seed: Pythia's seed, from 1 to 900,000,000.
        block: Events of a file, after which the batches end; None for hard processes without end.

    Raises:
        InputError: As for `collisions`.
    """
    if block is not None and block.layout == HEPMC:
        batches = _whole_events(block)
    else:
        batches = _generated_events(process, seed, block)
    for batch in batches:
        yield with_visibility(batch, process)


def _generated_events(process: EventProcess, seed: int, block: Block | None) -> Iterator[Collisions]:
    stable = tuple(f"{code}:mayDecay = off" for code in DECAYED_LATER) if process.redecays else ()
    settings = (*process.beam.settings, *lifetimes(process.lifetime_max), *process.settings, *stable)
    veto = PartonVeto(process.needs, process.thinning, seed) if process.needs else None
    with hard_processes(block) as reading:
        for batch in _batches(_started(process.name, (*settings, *reading), seed, veto)):
            yield _counted(batch, veto) if veto else batch


def _counted(batch: Collisions, veto: PartonVeto) -> Collisions:
    """The collisions with weights for those that were dropped in their place."""
    particles = batch.particles
    first = first_rows(particles.event, len(batch.weight))[:-1]
    counts = [veto.counts[px] for px in particles.momentum[first + HARD_OUTGOING[0], 1]]
    veto.counts.clear()
    return replace(batch, weight=batch.weight * counts)


def minimum_bias(*, seed: int, energy: float = PILEUP_ENERGY) -> Iterator[Collisions]:
    """Endless batches of ordinary inelastic collisions at an energy in TeV, with multi-parton interactions: pile-up."""
    yield from soft_part(seed=seed, energy=energy).batches


def _started(
    name: str, settings: tuple[str, ...], seed: int, veto: pythia8mc.UserHooks | None
) -> pythia8mc.Pythia:
    generator = pythia8mc.Pythia(xmlDir="", printBanner=False)
    # What holds for all processes comes last, so that settings of a user do not change it.
    for setting in (QUIET, UNCHECKED, *settings, QUIET, "Random:setSeed = on", f"Random:seed = {seed}"):
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
    """Without end, unless the hard processes are from a file."""
    n_tried = 0
    while True:
        batch = generator.nextBatch(EVENTS_PER_BATCH)  # skips events in which Pythia fails
        n_selected = generator.infoPython().nSelected()
        if len(batch) == 0 and n_tried and generator.infoPython().atEndOfFile():
            return
        if len(batch) == 0:
            raise OffshellError(
                f"Pythia failed in {EVENTS_PER_BATCH} collisions in a row. Expected: rare failures. Received: none good."
            )
        yield _flat(batch, n_tried=n_selected - n_tried)
        n_tried = n_selected


def _flat(batch: ak.Array, *, n_tried: int) -> Collisions:
    layout: ListOffsetArray = batch.prt.layout
    record = layout.content
    first = np.asarray(layout.offsets)
    event = np.repeat(np.arange(len(first) - 1), np.diff(first))
    momentum = np.stack([np.asarray(record["p"][name].data) for name in ("e", "px", "py", "pz")], axis=1)
    particles = Particles(event, np.asarray(record["id"].data), momentum, _vertices(record["vProd"]))
    mother = first[event] + np.asarray(record["mother1"].data)
    weight, pt_hat = np.asarray(batch.info.weights[:, 0]), np.sqrt(np.asarray(batch.info.pT2Hat))
    return Collisions(n_tried, weight, pt_hat, np.asarray(record["status"].data), mother, particles)


def _vertices(layout: IndexedOptionArray) -> Float[np.ndarray, "n 3"]:
    """Where Pythia kept no vertex, the particle comes from the collision itself."""
    index = np.asarray(layout.index)
    known = np.stack([np.asarray(layout.content[name].data) for name in ("px", "py", "pz")], axis=1)
    return np.where(index[:, None] < 0, 0.0, known[index] if len(known) else 0.0)


@dataclass(frozen=True)
class Part:
    """Some of all inelastic collisions."""

    batches: Iterator[Collisions]
    """Without end."""
    cross_section: Callable[[], float]
    """In mb, as the batches so far know it."""


def hard_part(*, seed: int, energy: float, pt_hat_min: float) -> Part:
    """Collisions above a pt-hat in GeV; those of high pt-hat are made more often than they happen, and weigh less."""
    bias = ("PhaseSpace:bias2Selection = on", "PhaseSpace:bias2SelectionPow = 3")
    threshold = (f"PhaseSpace:pTHatMin = {pt_hat_min}", f"PhaseSpace:bias2SelectionRef = {pt_hat_min}")
    return _part(("HardQCD:all = on", *threshold, *bias), seed, energy)


def soft_part(*, seed: int, energy: float) -> Part:
    """All inelastic collisions, of which hardly any is hard."""
    return _part(("SoftQCD:inelastic = on",), seed, energy)


def _part(settings: tuple[str, ...], seed: int, energy: float) -> Part:
    common = (*Beam(energy, multiparton=True).settings, *lifetimes(LIFETIME_MAX))
    generator = _started("ordinary collisions", (*common, *settings), seed, None)
    return Part(_batches(generator), lambda: float(generator.infoPython().sigmaGen()))
