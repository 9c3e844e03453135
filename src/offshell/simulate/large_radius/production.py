"""Jets by the thousand: the whole chain from a process name to constituents, on all cores."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import joblib
import numpy as np
from jaxtyping import Float

from offshell.inputs.constituents import JET_RADIUS
from offshell.inputs.momenta import pt_eta_phi
from offshell.io.store import N_CONSTITUENTS
from offshell.simulate.counts import check_counts
from offshell.simulate.detector.calorimeter import energy_flow
from offshell.simulate.detector.cards import ATLAS
from offshell.simulate.detector.response import Detector
from offshell.simulate.generator.processes import JET_PT, Process, process_named
from offshell.simulate.generator.pythia import Collisions, collisions, pythia_seed
from offshell.simulate.generator.truth import hadronic_decays, holds_decay
from offshell.simulate.large_radius.leading_jets import LeadingJets, leading_jets, padded_constituents
from offshell.simulate.progress import with_progress
from offshell.simulate.workers import in_order

__all__ = ["JetChunk", "accepted_jets", "iter_jets", "jets", "simulate_chunk"]

JET_ETA_MAX = 2.0  # of the public Top Tagging reference set, arXiv:1902.09914

# Jets that share a seed. Fixed, so that the result does not depend on the number of workers.
JETS_PER_CHUNK = 500


@dataclass(frozen=True)
class JetChunk:
    """Some accepted jets and what they cost."""

    constituents: Float[np.ndarray, "n 200 4"]
    """``E, px, py, pz`` in GeV by falling pt, zero-padded, float32."""
    n_tried: int
    """Collisions generated for them."""

    def __len__(self) -> int:
        return len(self.constituents)


def jets(
    process: str,
    n_jets: int,
    *,
    seed: int,
    pt: tuple[float, float] = JET_PT,
    detector: Detector = ATLAS,
    workers: int | None = None,
    progress: bool = False,
) -> Float[np.ndarray, "n 200 4"]:
    """Simulate exactly ``n_jets`` fat jets of a named process.

    Proton collisions at 14 TeV without multi-parton interactions, a parametric detector, energy-flow objects
    clustered with anti-kT R = 0.8. A collision gives its leading jet if its pt is in the range, lies in
    ``|eta| < 2`` and, where the process asks for it, holds the decaying top, W, Z or Higgs and all its quarks.
    With pt from 550 to 650 GeV these are the definitions of the Top Tagging reference set (Kasieczka et al., arXiv:1902.09914).

    Args:
        process: A name in `PROCESSES`, for example ``"qcd"`` or ``"top"``.
        n_jets: How many accepted jets to return.
        seed: The result is the same for the same seed, whatever ``workers``; fewer jets are the first of more.
        pt: Range of the pt of the jets in GeV.
        detector: `ATLAS`, `ATLAS_FINE` or `CMS`.
        workers: Processes to use; all cores by default.
        progress: Show a progress bar on standard error.

    Returns:
        Constituents ``(n_jets, 200, 4)``, float32: ``E, px, py, pz`` in GeV, by falling pt, zero-padded.

    Raises:
        InputError: Unknown process, or a number that is out of range.
        MissingDependencyError: pythia8mc is not installed.

    Example:
        >>> jets("qcd", 3, seed=1, workers=1).shape
        (3, 200, 4)
    """
    chunks = iter_jets(process, n_jets, seed=seed, pt=pt, detector=detector, workers=workers)
    if progress:
        chunks = with_progress(chunks, n_jets, title=process, unit="jets")
    return np.concatenate([chunk.constituents for chunk in chunks])


def iter_jets(
    process: str,
    n_jets: int,
    *,
    seed: int,
    pt: tuple[float, float] = JET_PT,
    detector: Detector = ATLAS,
    workers: int | None = None,
) -> Iterator[JetChunk]:
    """The jets of `jets` in chunks, in order, as soon as they are ready; arguments and errors are the same."""
    chosen = process_named(process).with_jets_of(*pt)
    check_counts(n_jets=n_jets, seed=seed, workers=workers)
    sizes = [min(JETS_PER_CHUNK, n_jets - start) for start in range(0, n_jets, JETS_PER_CHUNK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    tasks = (
        joblib.delayed(simulate_chunk)(chosen, size, chunk_seed, detector)
        for size, chunk_seed in zip(sizes, seeds, strict=True)
    )
    return cast("Iterator[JetChunk]", in_order(tasks, workers=workers))


def simulate_chunk(
    process: Process, n_jets: int, seed: np.random.SeedSequence, detector: Detector
) -> JetChunk:
    """Generate collisions until ``n_jets`` jets are accepted; one seed for generator and detector."""
    rng = np.random.default_rng(seed)
    kept_jets: list[Float[np.ndarray, "n 200 4"]] = []
    n_tried = 0
    for batch in collisions(process, seed=pythia_seed(seed)):
        kept_jets.append(padded_constituents(accepted_jets(batch, process, detector, rng), N_CONSTITUENTS))
        n_tried += batch.n_tried
        if sum(map(len, kept_jets)) >= n_jets:
            break
    return JetChunk(np.concatenate(kept_jets)[:n_jets], n_tried)


def accepted_jets(
    batch: Collisions, process: Process, detector: Detector, rng: np.random.Generator
) -> LeadingJets:
    """The leading jets of a batch of collisions that pass the selection of `jets`."""
    lowest, highest = process.jet_pt
    candidates = leading_jets(energy_flow(batch.final, detector, rng), radius=JET_RADIUS, pt_min=lowest)
    pt, eta, _ = pt_eta_phi(candidates.momentum)
    accepted = (pt <= highest) & (np.abs(eta) < JET_ETA_MAX)
    if process.match is not None:
        decays = hadronic_decays(batch, process.match)
        accepted &= holds_decay(candidates.momentum, candidates.event, decays, JET_RADIUS)
    return candidates.where(accepted)
