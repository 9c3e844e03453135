"""Score many files: what is done is kept, what fails is listed, and the rest goes on."""

import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from offshell.errors import InputError, OffshellError
from offshell.io.scored_parts import Attributes, attributes_of, joined, write_part
from offshell.run.run import Run
from offshell.run.scoring.part import Options, Part, key_of, model_of, score_part
from offshell.run.writing import write_json
from offshell.samples.names import File

__all__ = ["FAILURES", "Submit", "said_of", "score_files", "score_into_one"]

FAILURES = "failures.json"
"""The file in a folder of scores that lists what could not be scored, and why."""

log = logging.getLogger(__name__)

Submit = Callable[..., Any]


def score_files(
    run: Run,
    files: Sequence[File],
    out: Path,
    *,
    options: Options,
    submit: Submit | None = None,
    retry: bool = False,
) -> list[Part]:
    """Score files into a folder, a file of scores for each; one that is there already and rests on the same is kept.

    Args:
        run: whose detector scores.
        files: of jets or events, as the run was trained on.
        out: folder of the files of scores, and of `failures.json` where a file could not be scored.
        options: how.
        submit: that of an executor, such as `ProcessPoolExecutor.submit`; default: one file after the other in this process.
        retry: only the files that failed before.

    Returns:
        What became of each file, those that were kept included.

    Raises:
        InputError: if the folder holds the scores of another detector.
    """
    out.mkdir(parents=True, exist_ok=True)
    _refuse_scores_of_another(out, model_of(run.folder))
    wanted = {file: out / _name(file) for file in (_failed(out, files) if retry else files)}
    parts = list(_with_progress(_scored(run, wanted, options, submit), len(wanted)))
    failures = [{"file": str(part.file.path), "reason": part.failure} for part in parts if part.failure]
    write_json(out / FAILURES, failures)
    return parts


def score_into_one(
    run: Run, files: Sequence[File], out: Path, *, options: Options, submit: Submit | None = None
) -> list[Part]:
    """Score files into one file of scores; arguments are those of `score_files`.

    Of several files each event has the number of its `file` in the attribute `files`.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.stem}.") as folder:
        targets = {file: Path(folder) / _name(file) for file in files}
        parts = list(_with_progress(_scored(run, targets, options, submit), len(targets)))
        done = [part for part in parts if not part.failure]
        if len(files) == 1 and done:
            done[0].target.replace(out)
        elif done:
            _join(run, done, out, options)
    return parts


def _join(run: Run, parts: Sequence[Part], out: Path, options: Options) -> None:
    filled = [part for part in parts if part.n_events]
    attributes = dict(attributes_of(parts[0].target) or {})
    kept = {name: attributes[name] for name in ("model", "recipe", "offshell_version", "on_bad", "precision")}
    kept["files"] = json.dumps([str(part.file.path.absolute()) for part in filled])
    chunks = joined([part.target for part in filled])
    write_part(out, chunks, names=run.score_names, precision=options.precision, attributes=kept)


def _scored(run: Run, wanted: dict[File, Path], options: Options, submit: Submit | None) -> Iterator[Part]:
    waiting: list[Any] = []
    for file, target in wanted.items():
        try:
            key = key_of(run, file, options)
        except OffshellError as error:
            yield Part(file, target, failure=str(error))
            continue
        if part := _kept(file, target, key):
            yield part
        elif submit:
            waiting.append(submit(score_part, run.folder, file, target, options, key))
        else:
            yield score_part(run.folder, file, target, options, key)
    for future in waiting:
        yield future.result()


def _kept(file: File, target: Path, key: Attributes) -> Part | None:
    """What was done before; None if the file is to be scored."""
    found = attributes_of(target)
    if found and all(found.get(name) == value for name, value in key.items()):
        return Part(file, target, n_events=int(found["n_events"]))
    return None


def _name(file: File) -> str:
    """Of the file of scores: two files of one name in different folders, or two labels in one file, do not meet."""
    place = blake2b(f"{file.path.absolute()}:{file.label}".encode(), digest_size=4).hexdigest()
    return f"{file.path.stem}-{place}.h5"


def _failed(out: Path, files: Sequence[File]) -> list[File]:
    path = out / FAILURES
    if not path.exists():
        return []
    failed = {failure["file"] for failure in json.loads(path.read_text())}
    return [file for file in files if str(file.path) in failed]


def _refuse_scores_of_another(out: Path, model: str) -> None:
    for path in sorted(out.glob("*.h5")):
        found = attributes_of(path)
        if found and found.get("model") != model:
            raise InputError(
                f"{out} holds the scores of another detector. Expected: an empty folder, or one with scores of this run. "
                f"Received: {path.name}."
            )


def said_of(parts: Sequence[Part]) -> Iterator[str]:
    """What is worth a line at the end: empty files, bad events and failures."""
    for part in parts:
        if part.failure:
            yield f"Failed: {part.failure}"
        elif part.n_bad:
            yield f"{part.file.path}: {part.n_bad} of its events have impossible numbers."
        elif not part.n_events:
            yield f"{part.file.path} has no events."


def _with_progress(parts: Iterator[Part], n_files: int) -> Iterator[Part]:
    """A bar in a terminal, else a line for each file, which the log of a batch system keeps."""
    console = Console(stderr=True)
    columns = (TextColumn("Scoring"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    times = (TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[events]}"))
    n_events = 0
    with Progress(*columns, *times, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=n_files, events="")
        for number, part in enumerate(parts, start=1):
            n_events += part.n_events
            bar.update(task, advance=1, events=f"{n_events:,} events")
            if not console.is_terminal:
                log.info("%d of %d: %s: %s", number, n_files, part.file.path, _said(part))
            yield part


def _said(part: Part) -> str:
    if part.failure:
        return f"failed. {part.failure}"
    speed = f"{part.n_events / part.seconds:,.0f} events/s" if part.seconds else "scored before"
    return f"{part.n_events:,} events, {speed}"
