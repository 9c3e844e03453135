"""What commands print of a run."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from offshell.evaluate.rates.operating_points import OperatingPoints
    from offshell.recipe import Recipe
    from offshell.run.run import Run

__all__ = ["print_design", "print_tables", "print_tables_of_files"]


def print_tables(work: "Run") -> None:
    """The metrics of every signal, what a committee assumes, and for events the efficiencies at trigger rates."""
    from offshell.evaluate import rich_table
    from offshell.evaluate.baselines.fit import NAMES
    from offshell.models.outlier_exposure.outlier_exposure import OutlierExposureSettings
    from offshell.run.outliers import about_prior

    for sample in work.metrics:
        Console().print(rich_table(work.metrics, sample, baselines=NAMES))
    if isinstance(work.recipe.model, OutlierExposureSettings):
        typer.echo(about_prior(work.recipe, work.default_score))
    if work.rates:
        _print_rates(work.rates, work.recipe)


def _print_rates(rates: "OperatingPoints", recipe: "Recipe") -> None:
    from offshell.evaluate.rates.complement import rich_complementarity
    from offshell.evaluate.rates.efficiencies import rich_rates

    for rate, added in rates["complementarity"].items():
        Console().print(rich_rates(rates["efficiencies"], rate))
        Console().print(rich_complementarity(added))
    if missing := [rate for rate in rates["efficiencies"] if rate not in rates["complementarity"]]:
        least = recipe.evaluate.input_rate_hz / min(recipe.evaluate.rates_hz)
        typer.echo(
            f"No efficiency at {', '.join(missing)}: less than one event of {recipe.samples.n_test:,}. For "
            f"{missing[0]} samples.n_test has to be {least:,.0f} or more, ten times that for a number to trust."
        )


def print_tables_of_files(
    background: Path, signals: list[str], report: Path | None, *, as_json: bool
) -> None:
    """The metrics of scores that another program made, and a page of them where one is asked for."""
    from offshell.evaluate import compare, rich_table
    from offshell.run.score_files import read_samples, report_of_scores

    scores = read_samples(background, signals)
    if report:
        metrics = report_of_scores(report, scores, sources=[str(background), *signals])
    else:
        ordinary, *others = scores
        metrics = compare(scores[ordinary], {name: scores[name] for name in others})
    if as_json:
        typer.echo(json.dumps(metrics, indent=2))
    else:
        for name in metrics:
            Console().print(rich_table(metrics, name))
    if report:
        typer.echo(report, err=as_json)


def print_design(folder: Path) -> None:
    """What a design does and takes, and where it is."""
    from offshell.firmware import Design
    from offshell.firmware.summary import rich_summary

    Console().print(rich_summary(Design(folder)))
    typer.echo(folder)
