"""The command that scores files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from offshell.cli.app import app
from offshell.cli.options.paths import ScoringFolder
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.run.scoring.files import Submit
    from offshell.run.scoring.part import Part
    from offshell.samples.names import File
    from offshell.settings.collections import Collections

__all__: list[str] = []

_SOME_FAILED = 3
_ONE_FILE = (".h5", ".hdf5")


class OnBadEvent(StrEnum):
    """What becomes of events with impossible numbers."""

    ERROR = "error"
    NAN = "nan"
    DROP = "drop"


class MissingCollections(StrEnum):
    """What a file without a collection is, such as one of muons only."""

    REFUSE = "refuse"
    EMPTY = "empty"


class Precision(StrEnum):
    """Of the scores in a file."""

    FLOAT32 = "float32"
    FLOAT64 = "float64"


class Executor(StrEnum):
    """Who scores the files."""

    PROCESSES = "processes"


@app.command()
def score(
    folder: ScoringFolder,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Files of jets or events, as the run was trained on: PATH[:LABEL], a glob in quotes, a folder, or @list.txt.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(help="Folder for a file of scores of each file, or one HDF5 file .h5 for all of them."),
    ],
    label: Annotated[
        str | None, typer.Option(help="Score only the jets with this label, qcd or top.")
    ] = None,
    on_bad_event: Annotated[
        OnBadEvent, typer.Option(help="Refuse a file with impossible numbers, or go on with NaN or without.")
    ] = OnBadEvent.ERROR,
    missing_collections: Annotated[
        MissingCollections | None,
        typer.Option(help="What a ROOT file without a collection is.", show_default="as in the run"),
    ] = None,
    precision: Annotated[Precision, typer.Option(help="Of the scores.")] = Precision.FLOAT32,
    retry: Annotated[bool, typer.Option("--retry", help="Only the files that failed before.")] = False,
    executor: Annotated[
        Executor | None, typer.Option(help="Score files side by side.", show_default="one after the other")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
) -> None:
    """Score files of jets or events with the detector of a run; what is done already is kept.

    A file that cannot be read does not stop the others: it is listed at the end, and the exit status is 3.
    """
    _refuse_unfit(out, retry=retry)
    found = _files(folder, files, label)
    from offshell.run.run import Run
    from offshell.run.scoring.files import score_files, score_into_one
    from offshell.run.scoring.part import Options

    collections = _collections(folder, missing_collections)
    options = Options(on_bad=on_bad_event.value, precision=precision.value, collections=collections)
    with _submit(executor, workers) as submit:
        if _is_one_file(out):
            parts = score_into_one(Run(folder), found, out, options=options, submit=submit)
        else:
            parts = score_files(Run(folder), found, out, options=options, submit=submit, retry=retry)
    _tell(parts, out)


def _files(run: Path, names: Sequence[str], label: str | None) -> list["File"]:
    from offshell.recipe import load_draft
    from offshell.samples.file_lists import files_named

    kind = load_draft(str(run / "recipe.toml")).samples.kind
    found = [file._replace(label=file.label or label) for file in files_named(names, kind)]
    if kind == "events" and (labeled := [file for file in found if file.label]):
        raise InputError(
            f"Events have no labels. Expected: a file of events. Received: {labeled[0].path}:{labeled[0].label}."
        )
    return found


def _collections(run: Path, missing: MissingCollections | None) -> "Collections | None":
    """Those of the run, unless a file may lack some."""
    from offshell.recipe import load_draft

    chosen: Collections | None = getattr(load_draft(str(run / "recipe.toml")).samples, "collections", None)
    return chosen.model_copy(update={"missing": missing.value}) if chosen and missing else chosen


def _is_one_file(out: Path) -> bool:
    return out.suffix.lower() in _ONE_FILE and not out.is_dir()


def _refuse_unfit(out: Path, *, retry: bool) -> None:
    from offshell.io.replacing import refuse_unwritable

    refuse_unwritable(out if _is_one_file(out) else out / "failures.json")
    if (out / "recipe.toml").exists():
        raise InputError(
            f"{out} is the folder of a run. Expected: another folder for scores. Received: --out {out}."
        )
    if retry and _is_one_file(out):
        raise InputError(
            f"--retry needs a folder that knows what failed. Expected: --out DIR. Received: {out}."
        )


@contextmanager
def _submit(executor: Executor | None, workers: int | None) -> Iterator["Submit | None"]:
    if executor is None:
        yield None
        return
    from offshell.run.scoring.processes import processes

    with processes(workers=workers) as pool:
        yield pool.submit


def _tell(parts: Sequence["Part"], out: Path) -> None:
    from offshell.run.scoring.files import said_of

    said = Console(stderr=True, soft_wrap=True, highlight=False)
    for line in said_of(parts):
        said.print(line, markup=False)
    if all(part.failure for part in parts):
        raise InputError(
            f"Nothing was scored. Expected: at least one readable file. Received: {len(parts)} that failed."
        )
    typer.echo(out)
    if any(part.failure for part in parts):
        raise typer.Exit(_SOME_FAILED)
