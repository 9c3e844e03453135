"""The command that says which of several scores is better."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from offshell.cli.app import app
from offshell.cli.options.figures import figure
from offshell.cli.options.paths import run_folders

if TYPE_CHECKING:
    from offshell.evaluate.separation.differences import Candidates

__all__: list[str] = []


@app.command()
def compare(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN", help="Folders of runs with the same test events.", callback=run_folders
        ),
    ],
    scores: Annotated[
        str,
        typer.Option(
            metavar="A,B",
            help="Scores, or weighted sums of them, that are compared in each run.",
            show_default="that of each recipe",
        ),
    ] = "",
    plot: Annotated[
        Path | None,
        typer.Option(help="Figure to write, .svg, .pdf or .png: all ROC curves.", callback=figure),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON.")] = False,
) -> None:
    """Tell which of several scores is better on the same test events.

    Prints paired differences of AUC and efficiencies with p-values, and the most anomalous events that two scores share.

    One run alone: compressed against trained detector, the members of an ensemble, or its score against baselines.
    """
    from offshell.evaluate.separation.comparison import FALSE_POSITIVE_RATES
    from offshell.evaluate.separation.differences import (
        differences,
        rich_differences,
        rich_survival,
        survivals,
    )
    from offshell.run.candidates import candidates, shares_of
    from offshell.run.results import Results

    runs = [Results(folder) for folder in folders]
    compared = candidates(runs, scores=[score.strip() for score in scores.split(",") if score.strip()])
    found = differences(compared, shares=FALSE_POSITIVE_RATES | shares_of(runs[0]))
    tails = survivals(compared)
    if as_json:
        plain = {name: {key: asdict(of) for key, of in by_share.items()} for name, by_share in tails.items()}
        document = {"reference": next(iter(compared)), "signals": found, "tail_survival": plain}
        typer.echo(json.dumps(document, indent=2))
    else:
        for signal in found:
            Console().print(rich_differences(found, compared, signal))
        Console().print(rich_survival(tails, next(iter(compared))))
    if plot:
        _save(compared, plot)
        typer.echo(plot, err=as_json)


def _save(compared: "Candidates", plot: Path) -> None:
    from offshell.io.replacing import replacing
    from offshell.plots.roc_panels import roc_panels

    with replacing(plot) as temporary:
        roc_panels(compared).savefig(temporary)
