"""The commands that make, score and show runs."""

import json
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from offshell.cli.app import app
from offshell.cli.carrying_out import both_carried_out, carried_out, chosen_recipe, drafted, names_of
from offshell.cli.options.counts import count
from offshell.cli.options.figures import figure
from offshell.cli.options.frequency import INPUT_RATE, frequency
from offshell.cli.options.layouts import FileLayout, LayoutOption
from offshell.cli.options.paths import RunFolder, ScoringFolder, readable, run_folder, writable
from offshell.cli.tables import print_design, print_tables, print_tables_of_files
from offshell.errors import InputError

if TYPE_CHECKING:
    from offshell.monitor.blocks import BlockStatus

__all__ = ["ChangesOption", "OverwriteOption", "QuickOption"]

_BLOCKS_SHOWN = 250  # enough to tell what a reference sees, and done in seconds

ChangesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a setting, such as train.epochs=5; may be repeated."
    ),
]
QuickOption = Annotated[bool, typer.Option("--quick", help="Few events and few epochs, to try things out.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace a run that is in the folder already.")
]


@app.command()
def run(
    recipe: Annotated[str, typer.Argument(help="Recipe: a name (see offshell recipes) or a TOML file.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the run.", show_default="runs/RECIPE")] = None,
    changes: ChangesOption = None,
    quick: QuickOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Simulate or read jets or events, train, score, evaluate and write a report, as a recipe says.

    In the folder of an unfinished run of the same recipe it goes on where that stopped.
    """
    from offshell.run.folder import refuse_taken
    from offshell.run.lock import refuse_busy

    folder = out or Path("runs") / Path(recipe).stem
    drafted(recipe, changes or (), quick=quick)
    refuse_taken(folder, overwrite=overwrite)
    refuse_busy(folder)
    chosen = chosen_recipe(recipe, changes or (), quick=quick)
    work = carried_out(chosen, folder, overwrite=overwrite)
    print_tables(work)
    if work.recipe.firmware:
        print_design(work.folder / "firmware")
    typer.echo(work.folder / "report.html")


@app.command()
def both_ways(
    recipe: Annotated[str, typer.Argument(help="Recipe: a name (see offshell recipes) or a TOML file.")],
    first: Annotated[str, typer.Argument(metavar="A", help="A sample: a process or a file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another sample.")],
    out: Annotated[Path, typer.Option(help="Folder for the folders of the two runs.")] = Path("runs"),
    changes: ChangesOption = None,
    quick: QuickOption = False,
    overwrite: OverwriteOption = False,
) -> None:
    """Train on A and find B, then train on B and find A: does a score see anomalies, or complexity?"""
    from offshell.run.folder import refuse_foreign

    wanted = {}
    for background, other in ((first, second), (second, first)):
        swapped = [*(changes or ()), f"samples.background={background}", f"samples.signals={other}"]
        folder = out / f"{Path(recipe).stem}-{names_of(drafted(recipe, swapped, quick=quick))}"
        refuse_foreign(folder)
        wanted[folder] = swapped
    chosen = {folder: chosen_recipe(recipe, swapped, quick=quick) for folder, swapped in wanted.items()}
    works = both_carried_out(chosen, overwrite=overwrite)

    from offshell.evaluate.baselines.fit import NAMES
    from offshell.evaluate.separation.both_ways import both_ways_table

    (there,), (back,) = (work.metrics.values() for work in works)
    samples = works[0].background, works[1].background
    Console().print(both_ways_table(there, back, samples=samples, baselines=NAMES))
    for work in works:
        typer.echo(work.folder / "report.html")


@app.command()
def evaluate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN",
            help="Folder of a run, such as runs/demo.",
            show_default=False,
            callback=run_folder,
        ),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            help="Instead of a run: a file with scores of background events that any program made, as .npy, .h5, .csv, "
            ".parquet or .root.",
            callback=readable,
        ),
    ] = None,
    signal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]FILE",
            help="With --background: a file with the same scores of a signal, called as the file unless NAME says otherwise; "
            "may be repeated.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="With --background: a page to write, such as scores.html.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as JSON.")] = False,
) -> None:
    """Show how well each score separates each signal from the background, with 95 % intervals.

    Either of a run, whose metrics it writes again, or of files of scores.
    """
    if (folder is None) == (background is None):
        raise InputError(
            "Nothing to evaluate, or too much. Expected: a RUN, or --background and --signal. Received: "
            + ("neither." if folder is None else "both.")
        )
    if background:
        print_tables_of_files(background, signal or [], report, as_json=as_json)
    elif folder:
        _evaluate_run(folder, as_json=as_json)


@app.command()
def score(
    folder: ScoringFolder,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="File of jets or events, as the run was trained on.", callback=readable
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="HDF5 file to write: one data set for each score.", callback=writable)
    ],
    label: Annotated[
        str | None, typer.Option(help="Score only the jets with this label, qcd or top.")
    ] = None,
) -> None:
    """Score a file of jets or events with the detector of a run, or with one that comes trained."""
    from offshell.run.run import Run

    Run(folder).score_file(path, out, label=label)
    typer.echo(out)


@app.command()
def generate(
    folder: RunFolder,
    out: Annotated[
        Path, typer.Option(help="HDF5 file to write, which every other command reads.", callback=writable)
    ],
    events: Annotated[
        str, typer.Option(metavar="NUMBER", help="Jets to write, such as 10000 or 1e6.")
    ] = "10000",
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets.")] = 1,
    layout: LayoutOption = FileLayout.OFFSHELL,
) -> None:
    """Make new jets with the generative detector of a run: a flow, flow matching, diffusion, a GAN or a VAE on clouds."""
    from offshell.run.run import Run

    Run(folder).generate(count(events), out, seed=seed, layout=layout.value)
    typer.echo(out)


@app.command()
def monitor(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="HDF5 file of scores with run and lumi.", callback=readable)
    ],
    reference: Annotated[
        Path, typer.Option(help="HDF5 file with the scores of good background.", callback=readable)
    ],
    score: Annotated[str, typer.Option(help="The score to watch, or a weighted sum of scores.")],
    rate: Annotated[str, typer.Option(help="Rate to hold, such as 1kHz.")],
    input_rate: Annotated[str, typer.Option(help="Rate of all events, such as 100kHz.")] = INPUT_RATE,
    plot: Annotated[
        Path | None, typer.Option(help="Figure to write, .svg, .pdf or .png.", callback=figure)
    ] = None,
) -> None:
    """Watch the rate of a score over time: drift alarms, and a threshold that follows."""
    from offshell.monitor.files import monitor_file, reference_scores, rich_monitor
    from offshell.monitor.power import rich_power

    rate_hz, input_rate_hz = frequency(rate), frequency(input_rate)
    statuses = monitor_file(path, reference, score=score, rate_hz=rate_hz, input_rate_hz=input_rate_hz)
    Console().print(rich_monitor(statuses, rate_hz=rate_hz))
    n_events = int(median(status.n_events for status in statuses))
    ordinary, threshold = reference_scores(reference, score=score), statuses[0].fixed.threshold
    Console().print(
        rich_power(
            ordinary, threshold=threshold, n_events=n_events, n_blocks=min(len(statuses), _BLOCKS_SHOWN)
        )
    )
    if plot:
        _save_history(statuses, rate_hz, plot)
        typer.echo(plot)


@app.command()
def report(folder: RunFolder) -> None:
    """Write the report of a run again."""
    from offshell.run.run import Run

    typer.echo(Run(folder).report())


@app.command()
def recipes() -> None:
    """Show the recipes that come with Offshell."""
    from offshell import recipe

    table = Table("recipe", "what it does", box=None)
    for name in recipe.names():
        table.add_row(name, recipe.title(name))
    Console().print(table)


def _evaluate_run(folder: Path, *, as_json: bool) -> None:
    from offshell.run.run import Run

    work = Run(folder)
    metrics = work.evaluate()
    if as_json:
        typer.echo(json.dumps(metrics, indent=2))
    else:
        print_tables(work)


def _save_history(statuses: list["BlockStatus"], rate_hz: float, path: Path) -> None:
    from offshell.io.replacing import replacing
    from offshell.plots.rate_history import rate_history

    with replacing(path) as temporary:
        rate_history(statuses, rate_hz=rate_hz).savefig(temporary)
