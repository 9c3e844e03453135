"""The command that turns scores into thresholds and rates."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console

from offshell.cli.app import app
from offshell.cli.options.frequency import INPUT_RATE, frequency
from offshell.cli.options.paths import readable
from offshell.cli.options.triggers import triggers
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.evaluate.separation.sample import Groups, Weights
    from offshell.io.score_columns import Columns
    from offshell.io.score_files import Scores

__all__: list[str] = []


class _Samples(NamedTuple):
    scores: dict[str, "Scores"]
    groups: dict[str, "Groups"]
    weights: dict[str, "Weights"]
    score: str | None
    """Of triggers that name none."""


@app.command()
def rate(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="SCORES",
            help="A run, its scores.h5, or another file of scores: a group for each sample, or a column sample.",
            callback=readable,
        ),
    ],
    rates: Annotated[
        list[str] | None,
        typer.Option(
            "--rate",
            metavar="TRIGGER",
            help="A trigger whose threshold allows a rate: \\[NAME=]RATE\\[@SCORE]\\[/PRESCALE], such as 1kHz, tight=250Hz or "
            "ht=10kHz@ht/10, which keeps every tenth event; may be repeated, for a menu.",
        ),
    ] = None,
    cuts: Annotated[
        list[str] | None,
        typer.Option(
            "--cut",
            metavar="TRIGGER",
            help="A trigger with a fixed threshold: \\[NAME=]SCORE>VALUE\\[/PRESCALE], such as 'ht>200', in quotes; may be "
            "repeated.",
        ),
    ] = None,
    input_rate: Annotated[
        str, typer.Option(help="Rate of all background events, of which the sample is a fair share.")
    ] = INPUT_RATE,
    score: Annotated[
        str | None,
        typer.Option(
            help="What a --rate without @SCORE cuts on: a score, or a weighted sum of scores.",
            show_default="the score of the run's recipe, or the only one of a file",
        ),
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            help="Which sample is the background; all others are signals.",
            show_default="the one named background, or else the first",
        ),
    ] = None,
    at_most: Annotated[
        float | None,
        typer.Option(help="Confidence, such as 0.95, with which each true rate is at most the asked one."),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Of a file: the column with the parent of each event, such as parent. A run knows its parents.",
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Of a file: the column with the weight of each event, such as weight."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Say what triggers keep: threshold and expected rate of each, what only it keeps, and the efficiency for each signal.

    Of several triggers also the rate of all together and how much they overlap. Each number has its 95 % interval.
    """
    from offshell.evaluate.rates.menu import menu, rich_menu

    samples = _of_run(path, groups or weights) if path.is_dir() else _of_file(path, groups, weights)
    ordinary = _background(background, list(samples.scores))
    of_background = samples.scores[ordinary]
    names_one = any("@" not in text for text in rates or ())
    found = menu(
        of_background,
        {name: values for name, values in samples.scores.items() if name != ordinary},
        triggers(
            rates or (),
            cuts or (),
            score=score or samples.score or (_only(of_background) if names_one else None),
        ),
        input_rate_hz=frequency(input_rate),
        at_most=at_most,
        weights=samples.weights.get(ordinary),
        groups=samples.groups.get(ordinary),
        signal_weights=samples.weights,
        signal_groups=samples.groups,
    )
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        Console().print(rich_menu(found))


def _of_run(folder: Path, column: str | None) -> _Samples:
    from offshell.run.results import Results

    if column:
        raise InputError(
            f"A run has no columns. Expected: --groups and --weights of a file of scores only. Received: {column}."
        )
    run = Results(folder)
    return _Samples(run.scores, run.test_parents, {}, run.default_score)


def _of_file(path: Path, groups: str | None, weights: str | None) -> _Samples:
    from offshell.io.score_columns import only_scores
    from offshell.io.score_files import read_tables

    columns = read_tables(path)
    scores = {
        name: {of: s for of, s in only_scores(found).items() if of not in (groups, weights)}
        for name, found in columns.items()
    }
    parents = _column(path, columns, groups, "which events share a parent")
    return _Samples(
        scores,
        {name: values.astype(int) for name, values in parents.items()},
        _column(path, columns, weights, "what an event weighs"),
        None,
    )


def _column(path: Path, columns: dict[str, "Columns"], name: str | None, what: str) -> "Columns":
    """A column of each sample; none if none is asked for."""
    if name is None:
        return {}
    if missing := [sample for sample, found in columns.items() if name not in found]:
        raise InputError(
            f"{path} does not say {what}. Expected: a column {name} of each sample. Received: none of {', '.join(missing)}."
        )
    return {sample: found[name] for sample, found in columns.items()}


def _background(wanted: str | None, samples: list[str]) -> str:
    name = wanted or ("background" if "background" in samples else samples[0])
    if name not in samples:
        raise InputError(f"There is no such sample. Expected: one of {', '.join(samples)}. Received: {name}.")
    return name


def _only(scores: "Scores") -> str:
    if len(scores) > 1:
        raise InputError(
            f"There are several scores. Expected: --score, one of {', '.join(scores)} or a weighted sum. Received: none."
        )
    (name,) = scores
    return name
