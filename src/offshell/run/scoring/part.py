"""Score one file with the detector of a run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from time import monotonic

import numpy as np

from offshell import __version__
from offshell.errors import OffshellError
from offshell.io.chunks import Chunk, Columns, OnBad
from offshell.io.events.reading import iter_chunks as iter_events
from offshell.io.jets.reading import iter_chunks as iter_jets
from offshell.io.scored_parts import Attributes, write_part
from offshell.run.run import Run
from offshell.samples.fingerprints import fingerprint
from offshell.samples.names import File
from offshell.settings.collections import Collections

__all__ = ["Options", "Part", "key_of", "model_of", "score_part"]


@dataclass(frozen=True)
class Options:
    """How files are scored."""

    on_bad: OnBad = "error"
    """What becomes of events with impossible numbers; see `offshell.io.events.reading.iter_chunks`."""
    precision: str = "float32"
    """Of the scores in the file: "float32" or "float64"."""
    collections: Collections | None = None
    """Which objects of a ROOT file are taken; None for jets."""

    def described(self) -> Attributes:
        """As attributes of a file."""
        taken = self.collections.model_dump_json() if self.collections else ""
        return {"on_bad": self.on_bad, "precision": self.precision, "collections": taken}


@dataclass(frozen=True)
class Part:
    """What became of one file."""

    file: File
    target: Path
    n_events: int = 0
    n_bad: int = 0
    """Events with impossible numbers, which were dropped or have NaN."""
    seconds: float = 0.0
    failure: str | None = None
    """Why there are no scores."""


def score_part(folder: Path, file: File, target: Path, options: Options, key: Attributes) -> Part:
    """Score a file into another one; a file that cannot be scored is no exception but an answer.

    Args:
        folder: of the run; the detector is read once in each process.
        file: to be scored.
        target: HDF5 file to write; it appears only when it is complete.
        options: how.
        key: what `key_of` says of the file; to know it, the file was read once already.
    """
    start, run = monotonic(), _run(folder.absolute())
    scored = _Scored(run, file, options)
    try:
        n_events = write_part(
            target,
            scored.columns(),
            names=run.score_names,
            precision=options.precision,
            attributes={**key, **_provenance(run)},
        )
    except (OffshellError, OSError) as error:
        return Part(file, target, failure=str(error))
    return Part(file, target, n_events, scored.n_bad, monotonic() - start)


def key_of(run: Run, file: File, options: Options) -> Attributes:
    """What the scores of a file depend on: if two files of scores agree in it, they are the same.

    Raises:
        InputError: If the file cannot be read.
    """
    known = fingerprint(file.path)
    return {
        "model": model_of(run.folder),
        "source": str(file.path.absolute()),
        "source_label": file.label or "",
        "source_size": known.size,
        "source_blake2b": known.blake2b,
        **options.described(),
    }


@lru_cache(maxsize=4)
def model_of(folder: Path) -> str:
    """A hash of everything in a run that scores depend on: the detector, its inputs and the sums that are written.

    Args:
        folder: of the run.
    """
    run = Run(folder)
    settings = [run.recipe.inputs.model_dump(mode="json"), list(run.recipe.evaluate.sums)]
    hashed = blake2b(json.dumps(settings).encode(), digest_size=16)
    hashed.update(run.existing("model.keras").read_bytes())
    return hashed.hexdigest()


def _provenance(run: Run) -> Attributes:
    return {"recipe": run.existing("recipe.toml").read_text(), "offshell_version": __version__}


@lru_cache(maxsize=1)
def _run(folder: Path) -> Run:
    return Run(folder)


class _Scored:
    """The scores of a file, chunk by chunk; afterwards the number of bad events."""

    def __init__(self, run: Run, file: File, options: Options) -> None:
        self.run, self.file, self.options = run, file, options
        self.n_bad = 0

    def columns(self) -> Iterator[Columns]:
        for chunk in self._chunks():
            self.n_bad += int(chunk.bad.sum())
            kept = chunk.where(~chunk.bad) if self.options.on_bad == "drop" else chunk
            if len(kept):
                yield {**kept.columns, **self._scores(kept)}

    def _chunks(self) -> Iterator[Chunk]:
        on_bad: OnBad = "error" if self.options.on_bad == "error" else "nan"
        if self.run.recipe.samples.kind == "jets":
            return iter_jets(self.file.path, label=self.file.label, on_bad=on_bad)
        return iter_events(self.file.path, on_bad=on_bad, collections=self.options.collections)

    def _scores(self, chunk: Chunk) -> Columns:
        scores = self.run.scores_of(self.run.inputs(chunk.rows))
        return {name: np.where(chunk.bad, np.nan, values) for name, values in scores.items()}
