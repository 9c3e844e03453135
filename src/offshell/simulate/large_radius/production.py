"""Jets by the thousand: the whole chain from a process to constituents, on all cores."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import joblib
import numpy as np
from jaxtyping import Float, Shaped

from offshell.errors import InputError
from offshell.inputs.constituents import JET_RADIUS
from offshell.inputs.momenta import pt_eta_phi
from offshell.io.store import N_CONSTITUENTS
from offshell.simulate.counts import check_counts
from offshell.simulate.detector.calorimeter import EnergyFlow, energy_flow
from offshell.simulate.detector.cards import ATLAS
from offshell.simulate.detector.pileup import PileUp, overlay, pileup_library
from offshell.simulate.detector.response import Detector
from offshell.simulate.detector.suppression import without_pileup
from offshell.simulate.generator.processes.given import Given, given_process
from offshell.simulate.generator.processes.process import Process
from offshell.simulate.generator.pythia import collisions
from offshell.simulate.generator.records import Collisions
from offshell.simulate.generator.truth import hadronic_decays, holds_decay
from offshell.simulate.large_radius.conditions import JET_ETA_MAX, Conditions, SoftDrop
from offshell.simulate.large_radius.details import details
from offshell.simulate.large_radius.leading_jets import LeadingJets, leading_jets, padded_constituents
from offshell.simulate.progress import with_progress
from offshell.simulate.shares import Share, first_of, shares
from offshell.simulate.weights import warn_of_weights
from offshell.simulate.workers import in_order

__all__ = ["JetChunk", "accepted_jets", "iter_jets", "jets", "simulate_chunk"]

# Jets that share a seed. Fixed, so that the result does not depend on the number of workers.
JETS_PER_CHUNK = 500

# Of collisions in a row without a jet, before a simulation is given up.
MOST_TRIED = 200_000


@dataclass(frozen=True)
class JetChunk:
    """Some accepted jets and what they cost."""

    constituents: Float[np.ndarray, "n 200 4"]
    """``E, px, py, pz`` in GeV by falling pt, zero-padded, float32."""
    n_tried: int
    """Collisions generated for them."""
    columns: Mapping[str, Shaped[np.ndarray, "n ..."]] = field(default_factory=dict)
    """What else is known of each jet, by name; see `offshell.simulate.large_radius.details`."""

    def __len__(self) -> int:
        return len(self.constituents)

    def first(self, n_jets: int | None) -> "JetChunk":
        """As many jets, from the beginning; all of them if None."""
        columns = {name: column[:n_jets] for name, column in self.columns.items()}
        return JetChunk(self.constituents[:n_jets], self.n_tried, columns)


def jets(
    process: Given,
    n_jets: int | None,
    *,
    seed: int,
    pt: tuple[float, float] | None = None,
    energy: float | None = None,
    multiparton: bool | None = None,
    pileup: float = 0.0,
    radius: float = JET_RADIUS,
    eta_max: float = JET_ETA_MAX,
    detector: Detector = ATLAS,
    workers: int | None = None,
    progress: bool = False,
) -> Float[np.ndarray, "n 200 4"]:
    """Simulate fat jets of a process: exactly ``n_jets``, of files as many as they give.

    Proton collisions, for processes with a name at 14 TeV and without multi-parton interactions, a parametric detector,
    energy-flow objects clustered with anti-kT. A collision gives its leading jet if its pt is in the range, lies in
    ``|eta| < 2`` and, where the process asks for it, holds the decaying top, W, Z or Higgs and all its quarks.
    With the defaults these are the definitions of the Top Tagging reference set (Kasieczka et al., arXiv:1902.09914).

    Args:
        process: A name in `PROCESSES`, for example ``"qcd"`` or ``"top"``; a process of your own; or a file: ``.cmnd`` with
            settings of Pythia, ``.lhe`` or ``.lhe.gz`` with hard processes that Pythia showers, ``.hepmc`` or ``.hepmc.gz``
            with all particles that reach the detector.
        n_jets: How many accepted jets to return; None for all of a file of events. A file may have fewer, which is logged.
        seed: The result is the same for the same seed, whatever ``workers``; fewer jets are the first of more.
        pt: Range of the pt of the jets in GeV; the one of the process by default, 550 to 650 where it has a name.
        energy: Of both protons, in TeV; that of the process by default.
        multiparton: Whether more partons of the protons scatter (the underlying event); as the process says by default.
        pileup: Mean number of further collisions, of which PUPPI (arXiv:1407.6013) takes away what it finds.
        radius: Of the jets, in pseudorapidity and azimuth.
        eta_max: How far from the center jets may be.
        detector: `ATLAS`, `ATLAS_FINE` or `CMS`.
        workers: Processes to use; all cores by default.
        progress: Show a progress bar on standard error.

    Returns:
        Constituents ``(n_jets, 200, 4)``, float32: ``E, px, py, pz`` in GeV, by falling pt, zero-padded.

    Raises:
        InputError: Unknown process, a number that is out of range, or a file that is damaged or gives no jet.
        MissingDependencyError: pythia8mc is not installed, or what reads the file.

    Example:
        >>> jets("qcd", 3, seed=1, workers=1).shape
        (3, 200, 4)
        >>> charm = Process("charm", settings=("HardQCD:gg2ccbar = on",), pt_hat=(250, 400), jet_pt=(300, 350))
        >>> jets(charm, 3, seed=1, energy=13.6, workers=1).shape
        (3, 200, 4)
    """
    chosen = given_process(process)
    chunks = iter_jets(
        chosen,
        n_jets,
        seed=seed,
        pt=pt,
        energy=energy,
        multiparton=multiparton,
        pileup=pileup,
        radius=radius,
        eta_max=eta_max,
        detector=detector,
        workers=workers,
    )
    if progress:
        chunks = with_progress(chunks, n_jets, title=chosen.name, unit="jets")
    made = _joined(list(chunks))
    warn_of_weights(made.columns["weight"], source=chosen.name, kept_by="iter_jets")
    return made.constituents


def iter_jets(
    process: Given,
    n_jets: int | None,
    *,
    seed: int,
    pt: tuple[float, float] | None = None,
    energy: float | None = None,
    multiparton: bool | None = None,
    pileup: float = 0.0,
    radius: float = JET_RADIUS,
    eta_max: float = JET_ETA_MAX,
    soft_drop: SoftDrop | None = None,
    identities: bool = False,
    detector: Detector = ATLAS,
    workers: int | None = None,
) -> Iterator[JetChunk]:
    """The jets of `jets` in chunks, in order, as soon as they are ready; arguments and errors are the same.

    Chunks also have `columns`: the `weight` that the generator gives a collision, 1 unless it prefers some; `pt_hat` in GeV; the `flavor`, which is the code of what the process asks jets to hold, or
    else of the nearest outgoing particle of the hard process, 0 for none; `n_dark_hadrons` within the radius; with
    `soft_drop` the `soft_drop_mass` in GeV; with `identities` the `constituent_charge` and `constituent_pdg_id` of those
    that made a track, zero for neutral ones.
    """
    chosen = given_process(process).with_beam(energy=energy, multiparton=multiparton)
    if pt:
        chosen = chosen.with_jets_of(*pt)
    if radius > JET_RADIUS:  # what is dropped early is judged by narrower jets, which would lose wide ones
        chosen = replace(chosen, shower_pt=None)
    endless = chosen.file is None
    check_counts(seed=seed, workers=workers, **({"n_jets": n_jets} if endless or n_jets is not None else {}))
    conditions = Conditions(detector, pileup, radius, eta_max, soft_drop, identities)
    parts = shares(chosen.file, n_jets, per_share=JETS_PER_CHUNK, seed=seed)
    tasks = (joblib.delayed(simulate_chunk)(chosen, part, conditions) for part in parts)
    chunks = cast("Iterator[JetChunk]", in_order(tasks, workers=workers))
    return first_of(chunks, n_jets, source=chosen.name, unit="jets")


def simulate_chunk(process: Process, share: Share, conditions: Conditions) -> JetChunk:
    """Generate collisions until the jets of a share are accepted; one seed for generator and detector."""
    rng = np.random.default_rng(share.seed)
    pileup = _pileup(process, conditions)
    parts: list[JetChunk] = []
    for batch in collisions(process, seed=share.generator_seed, block=share.block):
        flow = energy_flow(batch.final, conditions.detector, rng)
        if pileup:
            piled = overlay(flow, len(batch.weight), pileup, conditions.pileup, rng)
            flow = without_pileup(piled, as_delphes=False)
        found = accepted_jets(flow, batch, process, conditions)
        columns = details(found, batch, process, conditions)
        parts.append(JetChunk(padded_constituents(found, N_CONSTITUENTS), batch.n_tried, columns))
        if share.n_wanted is not None and sum(map(len, parts)) >= share.n_wanted:
            break
        _refuse_barren(process, parts)
    return _joined(parts).first(share.n_wanted)


def accepted_jets(
    flow: EnergyFlow, batch: Collisions, process: Process, conditions: Conditions
) -> LeadingJets:
    """The leading jets of what a detector saw of a batch of collisions that pass the selection of `jets`."""
    lowest, highest = process.jet_pt
    candidates = leading_jets(flow, radius=conditions.radius, pt_min=lowest)
    pt, eta, _ = pt_eta_phi(candidates.momentum)
    accepted = (pt <= highest) & (np.abs(eta) < conditions.eta_max)
    if process.match is not None:
        decays = hadronic_decays(batch, process.match)
        accepted &= holds_decay(candidates.momentum, candidates.event, decays, conditions.radius)
    return candidates.where(accepted)


def _pileup(process: Process, conditions: Conditions) -> PileUp | None:
    """The same library for all."""
    if conditions.pileup == 0:
        return None
    return pileup_library(0, detector=conditions.detector, energy=process.beam.energy)


def _refuse_barren(process: Process, parts: list[JetChunk]) -> None:
    """Processes of a user may have no such jets at all, and would be simulated for ever."""
    n_tried = sum(part.n_tried for part in parts)
    if n_tried > MOST_TRIED and not any(map(len, parts)):
        lowest, highest = process.jet_pt
        raise InputError(
            f"Process {process.name!r} gives no jets of {lowest:g} to {highest:g} GeV. "
            f"Expected: one at least. Received: none in {n_tried} collisions."
        )


def _joined(parts: list[JetChunk]) -> JetChunk:
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    constituents = np.concatenate([part.constituents for part in parts])
    return JetChunk(constituents, sum(part.n_tried for part in parts), columns)
