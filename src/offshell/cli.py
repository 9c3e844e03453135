"""The command line: each command parses, calls one function and prints where the result is."""

import json
import logging
import signal
import sys
import threading
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table
from rich.text import Text

from offshell import __version__
from offshell.errors import OffshellError

if TYPE_CHECKING:
    from offshell.run import Run

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Search for new physics at colliders without assuming a signal.",
)
simulate_app = typer.Typer(
    help="Simulate collisions, a detector and what it sees.", invoke_without_command=True
)
app.add_typer(simulate_app, name="simulate")


class Detector(StrEnum):
    """The parametric detectors."""

    ATLAS = "ATLAS"
    CMS = "CMS"


RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, such as runs/demo.")]


def main() -> None:
    """Run a command; a user's mistake is answered with one line and exit status 1."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        app()
    except OffshellError as error:
        Console(stderr=True, soft_wrap=True).print(Text.assemble(("Error: ", "bold red"), str(error)))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - called by typer
    if wanted:
        typer.echo(f"offshell {__version__}")
        raise typer.Exit


def _interrupt(_number: int, frame: FrameType | None) -> None:
    """Ctrl-C; JAX runs a callback during garbage collection in which Python would swallow it, so try again after that."""
    if frame is not None and frame.f_code.co_name == "_xla_gc_callback":
        threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()
    else:
        raise KeyboardInterrupt


@app.callback()
def options(
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Search for new physics at colliders without assuming a signal."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[_handler()])
    logging.getLogger("offshell").setLevel(logging.INFO)


@simulate_app.callback()
def processes(
    context: typer.Context,
    list_: Annotated[bool, typer.Option("--list", help="Show the named processes and exit.")] = False,
) -> None:
    """Simulate collisions, a detector and what it sees."""
    if list_:
        Console().print(_table_of_processes())
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@simulate_app.command()
def jets(
    process: Annotated[str, typer.Argument(help="Named process; see offshell simulate --list.")],
    out: Annotated[Path, typer.Option(help="HDF5 file to write.")],
    events: Annotated[int, typer.Option(help="Jets to write (accepted, not tried).")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets, on any number of cores.")] = 1,
    detector: Annotated[Detector, typer.Option(help="Parametric detector.")] = Detector.ATLAS,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
) -> None:
    """Simulate fat jets of a named process: anti-kT R=0.8, pT in [550, 650] GeV, |eta| < 2."""
    from offshell.data.samples import simulate

    simulate(process=process, n_jets=events, seed=seed, detector=detector.value, path=out, workers=workers)
    typer.echo(out)


@app.command()
def run(
    recipe: Annotated[str, typer.Argument(help="Recipe: a name (see offshell recipes) or a TOML file.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the run.", show_default="runs/RECIPE")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a setting, such as train.epochs=5; may be repeated."
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few jets and few epochs, to try things out.")
    ] = False,
) -> None:
    """Simulate or read jets, train, score, evaluate and write a report, as a recipe says."""
    from offshell import recipe as recipes

    chosen = recipes.load(recipe, changes=changes or ())
    chosen = recipes.quick(chosen) if quick else chosen
    from offshell.run import Run

    work = Run.start(chosen, out or Path("runs") / Path(recipe).stem)
    work.train()
    work.score()
    work.evaluate()
    _print_tables(work)
    typer.echo(work.report())


@app.command()
def evaluate(
    folder: RunFolder,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as JSON.")] = False,
) -> None:
    """Show how well each score separates each signal from the background."""
    from offshell.run import Run

    work = Run(folder)
    metrics = work.evaluate()
    if as_json:
        typer.echo(json.dumps(metrics, indent=2))
    else:
        _print_tables(work)


@app.command()
def score(
    folder: RunFolder,
    jets: Annotated[Path, typer.Argument(help="HDF5 file of jets.")],
    out: Annotated[Path, typer.Option(help="HDF5 file to write: one data set for each score.")],
    label: Annotated[
        str | None, typer.Option(help="Score only the jets with this label, qcd or top.")
    ] = None,
) -> None:
    """Score a file of jets with the detector of a run."""
    from offshell.run import Run

    Run(folder).score_file(jets, out, label=label)
    typer.echo(out)


@app.command()
def report(folder: RunFolder) -> None:
    """Write the report of a run again."""
    from offshell.run import Run

    typer.echo(Run(folder).report())


@app.command()
def recipes() -> None:
    """Show the recipes that come with Offshell."""
    from offshell import recipe

    table = Table("recipe", "what it does", box=None)
    for name in recipe.names():
        table.add_row(name, recipe.load(name).title)
    Console().print(table)


def _handler() -> logging.Handler:
    return RichHandler(console=Console(stderr=True), show_time=False, show_level=False, show_path=False)


def _table_of_processes() -> Table:
    from offshell.simulate import PROCESSES

    table = Table("process", "what it is", box=None)
    for name, process in PROCESSES.items():
        table.add_row(name, process.title)
    return table


def _print_tables(work: "Run") -> None:
    from offshell.evaluate import rich_table
    from offshell.evaluate.baselines import NAMES

    for sample in work.metrics:
        Console().print(rich_table(work.metrics, sample, baselines=NAMES))
