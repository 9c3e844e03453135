"""Jets by the thousand: the whole chain from a process name to constituents, on all cores."""

from collections.abc import Iterator
from dataclasses import dataclass

import joblib
import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.simulate.calorimeter import energy_flow
from offshell.simulate.cards import ATLAS
from offshell.simulate.clustering import LeadingJets, leading_jets, padded_constituents
from offshell.simulate.detector import Detector
from offshell.simulate.particles import pt_eta_phi
from offshell.simulate.processes import Process, process_named
from offshell.simulate.pythia import Collisions, collisions
from offshell.simulate.truth import hadronic_decays, holds_decay

__all__ = ["JetChunk", "iter_jets", "jets"]

# Definition of the public Top Tagging reference set, arXiv:1902.09914.
JET_RADIUS = 0.8
JET_PT = (550.0, 650.0)
JET_ETA_MAX = 2.0
N_CONSTITUENTS = 200

# Jets that share a seed. Fixed, so that the result does not depend on the number of workers.
JETS_PER_CHUNK = 250


@dataclass(frozen=True)
class JetChunk:
    """Some accepted jets and what they cost."""

    constituents: Float[np.ndarray, "n 200 4"]
    """``E, px, py, pz`` in GeV by falling pt, zero-padded, float32."""
    n_tried: int
    """Collisions generated for them."""


def jets(
    process: str,
    n_jets: int,
    *,
    seed: int,
    detector: Detector = ATLAS,
    workers: int | None = None,
    progress: bool = False,
) -> Float[np.ndarray, "n 200 4"]:
    """Simulate ``n_jets`` accepted fat jets."""
    chunks = iter_jets(process, n_jets, seed=seed, detector=detector, workers=workers)
    return np.concatenate([chunk.constituents for chunk in chunks])


def iter_jets(
    process: str, n_jets: int, *, seed: int, detector: Detector = ATLAS, workers: int | None = None
) -> Iterator[JetChunk]:
    """The same in chunks."""
    sizes = [min(JETS_PER_CHUNK, n_jets - start) for start in range(0, n_jets, JETS_PER_CHUNK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    work = joblib.Parallel(n_jobs=workers or -1, return_as="generator")
    chunk = joblib.delayed(simulate_chunk)
    return work(
        chunk(process_named(process), size, s, detector) for size, s in zip(sizes, seeds, strict=True)
    )


def simulate_chunk(
    process: Process, n_jets: int, seed: np.random.SeedSequence, detector: Detector
) -> JetChunk:
    pythia_seed, *_ = seed.generate_state(1)
    rng = np.random.default_rng(seed)
    found, n_found, n_tried = [], 0, 0
    for batch in collisions(process, seed=1 + int(pythia_seed) % 900_000_000):
        accepted = padded_constituents(accepted_jets(batch, process, detector, rng), N_CONSTITUENTS)
        found.append(accepted)
        n_found += len(accepted)
        n_tried += batch.n_tried
        if n_found >= n_jets:
            break
    return JetChunk(np.concatenate(found)[:n_jets], n_tried)


def accepted_jets(
    batch: Collisions, process: Process, detector: Detector, rng: np.random.Generator
) -> LeadingJets:
    candidates = leading_jets(energy_flow(batch.final, detector, rng), radius=JET_RADIUS, pt_min=JET_PT[0])
    pt, eta, _ = pt_eta_phi(candidates.momentum)
    accepted = (pt <= JET_PT[1]) & (np.abs(eta) < JET_ETA_MAX)
    if process.match is not None:
        decays = hadronic_decays(batch, process.match)
        accepted &= holds_decay(candidates.momentum, candidates.event, decays, JET_RADIUS)
    return candidates.where(accepted)
