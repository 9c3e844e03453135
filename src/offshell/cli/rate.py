"""The command that turns scores into thresholds and rates."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from offshell.cli.app import app
from offshell.cli.options.frequency import INPUT_RATE, frequency
from offshell.cli.options.paths import readable
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.evaluate.rates.menu import Seed
    from offshell.evaluate.separation.sample import Groups
    from offshell.io.score_files import Scores

__all__: list[str] = []


@app.command()
def rate(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="SCORES",
            help="A run, its scores.h5, or another file of scores, the background first.",
            callback=readable,
        ),
    ],
    rates: Annotated[
        list[str],
        typer.Option(
            "--rate",
            metavar="[NAME=]RATE[@SCORE]",
            help="A trigger, such as 1kHz, tight=250Hz or ht=1kHz@ht; may be repeated, for a menu.",
        ),
    ],
    input_rate: Annotated[str, typer.Option(help="Rate of all background events.")] = INPUT_RATE,
    score: Annotated[
        str | None,
        typer.Option(
            help="The score of triggers that name none, or a weighted sum of scores; of a run its own."
        ),
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            help="The background sample.", show_default="the one named background, or else the first"
        ),
    ] = None,
    at_most: Annotated[
        float | None,
        typer.Option(help="Confidence, such as 0.95, with which each true rate is at most the asked one."),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(help="Column with the parent of each event, such as parent; a run knows its parents."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Find the threshold of each rate, and what passes it: of the background, alone and together, and of each signal."""
    from offshell.evaluate.rates.menu import menu, rich_menu

    scores, parents, own = _of_run(path) if path.is_dir() else (*_of_file(path, groups), None)
    ordinary = _background(background, list(scores))
    found = menu(
        scores[ordinary],
        {name: values for name, values in scores.items() if name != ordinary},
        _seeds(rates, score or own or _only(scores[ordinary])),
        input_rate_hz=frequency(input_rate),
        at_most=at_most,
        groups=parents.get(ordinary),
        signal_groups=parents,
    )
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        Console().print(rich_menu(found))


def _of_run(folder: Path) -> tuple[dict[str, "Scores"], dict[str, "Groups"], str]:
    from offshell.run.results import Results

    run = Results(folder)
    return run.scores, run.test_parents, run.default_score


def _of_file(path: Path, groups: str | None) -> tuple[dict[str, "Scores"], dict[str, "Groups"]]:
    from offshell.io.score_columns import only_scores
    from offshell.io.score_files import read_tables

    columns = read_tables(path)
    scores = {name: only_scores(found) for name, found in columns.items()}
    if groups is None:
        return scores, {}
    if missing := [name for name, found in columns.items() if groups not in found]:
        raise InputError(
            f"{path} does not say which events share a parent. Expected: a column {groups} of each sample. "
            f"Received: none of {', '.join(missing)}."
        )
    parents = {name: found[groups].astype(int) for name, found in columns.items()}
    return {
        name: {of: s for of, s in found.items() if of != groups} for name, found in scores.items()
    }, parents


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


def _seeds(texts: list[str], score: str) -> dict[str, "Seed"]:
    from offshell.evaluate.rates.menu import Seed

    seeds = {}
    for text in texts:
        words, _, of = text.partition("@")
        name, _, asked = words.rpartition("=")
        name = name or of or score
        if name in seeds:
            raise InputError(
                f"Triggers need different names. Expected: NAME=RATE, each name once. Received: {name} twice."
            )
        seeds[name] = Seed(of or score, frequency(asked))
    return seeds
