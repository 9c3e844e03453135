"""The commands that list, fetch and compare samples."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from offshell.cli.app import app
from offshell.cli.options.figures import figure
from offshell.cli.options.paths import readable
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.datasets.observables import Summary

__all__ = ["datasets_app"]

datasets_app = typer.Typer(
    help="Samples: the public ones, how to get them, and how two files compare.", no_args_is_help=True
)
app.add_typer(datasets_app, name="datasets")

_File = Annotated[Path, typer.Argument(metavar="FILE", help="File of jets or of events.", callback=readable)]


@datasets_app.command("list")
def list_() -> None:
    """Show the public data sets that Offshell knows, with size, license and address."""
    Console().print(_table_of_data_sets())


@datasets_app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="Data set; see offshell datasets list.")],
    folder: Annotated[Path, typer.Option(help="Folder to keep data sets in.")] = Path("data"),
) -> None:
    """Download a public data set: resumes where it broke off, and checks every file."""
    from offshell.datasets.retrieval import fetch

    for path in fetch(name, folder=folder):
        typer.echo(path)


@datasets_app.command()
def compare(
    first: _File,
    second: _File,
    names: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="What to call the two samples.", show_default="the files"),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Figure to write, .svg, .pdf or .png.", callback=figure)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Hold two files of jets or events against each other: means, medians, pulls and Kolmogorov-Smirnov tests."""
    from offshell.datasets.comparison import compare_summaries, rich_comparison, summaries

    called = _called(names, first, second)
    samples = summaries(first, second)
    found = compare_summaries(*samples)
    if plot:
        _draw(samples, called, plot)
    if as_json:
        typer.echo(json.dumps({"names": called, **found}, indent=2))
    else:
        Console().print(rich_comparison(found, names=called))


def _called(names: str | None, first: Path, second: Path) -> tuple[str, str]:
    if names is None:
        return (str(first), str(second)) if first.stem == second.stem else (first.stem, second.stem)
    match [name.strip() for name in names.split(",")]:
        case [str(a), str(b)] if a and b and a != b:
            return a, b
    raise InputError(f"Cannot tell the samples apart. Expected: two names, such as a,b. Received: {names}.")


def _draw(samples: tuple["Summary", "Summary"], names: tuple[str, str], path: Path) -> None:
    from offshell.datasets.observables import IN_GEV
    from offshell.io.replacing import replacing
    from offshell.plots.overlays import overlays

    first, second = (
        {f"{name} [GeV]" if name in IN_GEV else name: values for name, values in sample.observables.items()}
        for sample in samples
    )
    with replacing(path) as temporary:
        overlays(first, second, names=names).savefig(temporary)


def _table_of_data_sets() -> Table:
    from offshell.datasets.catalog import CATALOG

    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True, style="bold")
    for name, data_set in CATALOG.items():
        size = "size unknown" if data_set.size is None else f"{data_set.size / 1e9:.2f} GB"
        facts = (data_set.title, data_set.note, f"{size}; license: {data_set.license}", data_set.address)
        table.add_row(name, "\n".join(fact for fact in facts if fact))
    return table
