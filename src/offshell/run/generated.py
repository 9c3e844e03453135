"""From a generative detector to jets in a file: as many as are asked for, each with a transverse momentum."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float
from rich.console import Console
from rich.progress import track

from offshell.errors import InputError
from offshell.inputs import clouds
from offshell.io.jets.writers import WRITERS, Layout
from offshell.io.store import N_CONSTITUENTS
from offshell.models.detector import Detector

__all__ = ["iter_generated", "write_generated"]

# Jets that share a seed, so that fewer jets are the first of more.
_JETS_PER_CHUNK = 2_000


def write_generated(
    model: Detector,
    path: Path,
    *,
    n_jets: int,
    seed: int,
    jet_pt: Float[np.ndarray, " m"],
    layout: Layout = "offshell",
    attributes: Mapping[str, str],
) -> None:
    """Writes new jets to a file that can be read as any other file of jets, with a progress bar on standard error.

    Args:
        model: a detector of clouds in the coordinates "relative" or "relative-pt" that generates.
        path: the file to write; it appears only when it is complete.
        n_jets: how many jets.
        seed: the same seed gives the same jets; fewer jets are the first of more.
        jet_pt: transverse momenta of background jets in GeV, see `iter_generated`.
        layout: of the file.
        attributes: what the jets are, kept in the file.

    Raises:
        InputError: if the detector does not generate, a number is out of range or the file cannot be written.
    """
    if n_jets < 1 or seed < 0:
        received = f"{n_jets} jets, seed {seed}"
        raise InputError(f"Nothing to generate. Expected: at least one jet, seed >= 0. Received: {received}.")
    chunks = iter_generated(model, n_jets, seed=seed, jet_pt=jet_pt)
    n_chunks = len(range(0, n_jets, _JETS_PER_CHUNK))
    shown = track(chunks, description="Generating jets", total=n_chunks, console=Console(stderr=True))
    WRITERS[layout](path, shown, attributes={**attributes, "seed": seed})


def iter_generated(
    model: Detector, n_jets: int, *, seed: int, jet_pt: Float[np.ndarray, " m"]
) -> Iterator[Float[np.ndarray, "n 200 4"]]:
    """Jets of a generative detector in chunks, `E, px, py, pz` in GeV by falling pt, zero-padded.

    The jet axis lies at eta = phi = 0, because clouds do not know where a jet was.

    Args:
        model: as for `write_generated`.
        n_jets: how many jets.
        seed: of the detector and of the momenta.
        jet_pt: transverse momenta of background jets in GeV; each jet gets one of them at random, unless its cloud has one.

    Raises:
        InputError: if the detector does not generate.
    """
    starts = range(0, n_jets, _JETS_PER_CHUNK)
    for start, chunk_seed in zip(starts, np.random.SeedSequence(seed).spawn(len(starts)), strict=True):
        generated = model.generate(_JETS_PER_CHUNK, seed=int(chunk_seed.generate_state(1)[0]))
        pt = np.random.default_rng(chunk_seed).choice(jet_pt, _JETS_PER_CHUNK)
        has_pt = generated.shape[-1] == clouds.COLUMNS["relative-pt"]
        jets = clouds.to_jets(generated, pt=None if has_pt else pt)
        yield _padded(_ordered(jets))[: n_jets - start]


def _ordered(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n particles 4"]:
    order = np.argsort(-np.hypot(jets[..., 1], jets[..., 2]), axis=1, kind="stable")
    return np.take_along_axis(jets, order[..., None], axis=1)


def _padded(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 200 4"]:
    missing = max(N_CONSTITUENTS - jets.shape[1], 0)
    return np.pad(jets, [(0, 0), (0, missing), (0, 0)])[:, :N_CONSTITUENTS]
