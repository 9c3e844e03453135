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
from offshell.errors import InputError, OffshellError

if TYPE_CHECKING:
    from offshell.evaluate.operating_points import OperatingPoints
    from offshell.monitor.blocks import BlockStatus
    from offshell.run import Run
    from offshell.settings import Recipe

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
data_app = typer.Typer(help="Public data sets: what there is, and how to get it.", no_args_is_help=True)
app.add_typer(simulate_app, name="simulate")
app.add_typer(data_app, name="data")


class Detector(StrEnum):
    """The parametric detectors."""

    ATLAS = "ATLAS"
    CMS = "CMS"


ChangesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a setting, such as train.epochs=5; may be repeated."
    ),
]
QuickOption = Annotated[bool, typer.Option("--quick", help="Few events and few epochs, to try things out.")]
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


def _figure(path: Path | None) -> Path | None:
    """Refused before any work, and not by matplotlib after it."""
    if path and path.suffix not in {".svg", ".pdf", ".png"}:
        raise InputError(
            f"Cannot draw {path}. Expected: a name that ends in .svg, .pdf or .png. Received: {path.name}."
        )
    return path


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
    from offshell.data.jet_samples import simulate_jets

    simulate_jets(
        process=process, n_jets=events, seed=seed, detector=detector.value, path=out, workers=workers
    )
    typer.echo(out)


@simulate_app.command()
def events(
    process: Annotated[
        str, typer.Argument(help="Named process, such as background or a-4l; see offshell simulate --list.")
    ],
    out: Annotated[Path, typer.Option(help="HDF5 file to write, in the layout of ADC2021.")],
    n_events: Annotated[
        int, typer.Option("--events", help="Events to write (accepted, not tried).")
    ] = 20_000,
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same events, on any number of cores.")
    ] = 1,
    pileup: Annotated[float, typer.Option(help="Mean number of further collisions; 0 for none.")] = 20.0,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
) -> None:
    """Simulate level-1 trigger events: MET, 4 electrons, 4 muons, 10 jets; at least one lepton of pT > 23 GeV."""
    from offshell.data.event_samples import simulate_events

    simulate_events(process=process, n_events=n_events, seed=seed, pileup=pileup, path=out, workers=workers)
    typer.echo(out)


@data_app.command("list")
def list_() -> None:
    """Show the public data sets that Offshell knows, with size, licence and address."""
    Console().print(_table_of_data_sets())


@data_app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="Data set; see offshell data list.")],
    folder: Annotated[Path, typer.Option(help="Folder to keep data sets in.")] = Path("data"),
) -> None:
    """Download a public data set: resumes where it broke off, and checks every file."""
    from offshell.data.retrieval import fetch

    for path in fetch(name, folder=folder):
        typer.echo(path)


@app.command()
def run(
    recipe: Annotated[str, typer.Argument(help="Recipe: a name (see offshell recipes) or a TOML file.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the run.", show_default="runs/RECIPE")] = None,
    changes: ChangesOption = None,
    quick: QuickOption = False,
) -> None:
    """Simulate or read jets or events, train, score, evaluate and write a report, as a recipe says."""
    from offshell import recipe as recipes

    chosen = recipes.load(recipe, changes=changes or ())
    work = _carried_out(recipes.quick(chosen) if quick else chosen, out or Path("runs") / Path(recipe).stem)
    _print_tables(work)
    typer.echo(work.report())


@app.command()
def both_ways(
    recipe: Annotated[str, typer.Argument(help="Recipe: a name (see offshell recipes) or a TOML file.")],
    first: Annotated[str, typer.Argument(metavar="A", help="A sample: a process or a file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another sample.")],
    out: Annotated[Path, typer.Option(help="Folder for the folders of the two runs.")] = Path("runs"),
    changes: ChangesOption = None,
    quick: QuickOption = False,
) -> None:
    """Train on A and find B, then train on B and find A: does a score see anomalies, or complexity?"""
    from offshell import recipe as recipes
    from offshell.evaluate.baselines import NAMES
    from offshell.evaluate.both_ways import both_ways_table

    works = []
    for background, other in ((first, second), (second, first)):
        swapped = [*(changes or ()), f"samples.background={background}", f"samples.signals={other}"]
        chosen = recipes.load(recipe, changes=swapped)
        folder = out / f"{Path(recipe).stem}-{_names_of(chosen)}"
        works.append(_carried_out(recipes.quick(chosen) if quick else chosen, folder))
        works[-1].report()
    (there,), (back,) = (work.metrics.values() for work in works)
    samples = works[0].background, works[1].background
    Console().print(both_ways_table(there, back, samples=samples, baselines=NAMES))
    for work in works:
        typer.echo(work.folder / "report.html")


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
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="File of jets or events, as the run was trained on.")
    ],
    out: Annotated[Path, typer.Option(help="HDF5 file to write: one data set for each score.")],
    label: Annotated[
        str | None, typer.Option(help="Score only the jets with this label, qcd or top.")
    ] = None,
) -> None:
    """Score a file of jets or events with the detector of a run."""
    from offshell.run import Run

    Run(folder).score_file(path, out, label=label)
    typer.echo(out)


@app.command()
def monitor(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="HDF5 file of scores with run and lumi.")],
    reference: Annotated[Path, typer.Option(help="HDF5 file with the scores of good background.")],
    score: Annotated[str, typer.Option(help="The score to watch, or a weighted sum of scores.")],
    rate: Annotated[float, typer.Option(help="Rate to hold, in Hz.")],
    input_rate: Annotated[float, typer.Option(help="Rate of all events, in Hz.")] = 28.6e6,
    plot: Annotated[
        Path | None, typer.Option(help="Figure to write, .svg, .pdf or .png.", callback=_figure)
    ] = None,
) -> None:
    """Watch the rate of a score over time: drift alarms, and a threshold that follows."""
    from offshell.monitor.files import monitor_file, rich_monitor

    statuses = monitor_file(path, reference, score=score, rate_hz=rate, input_rate_hz=input_rate)
    Console().print(rich_monitor(statuses, rate_hz=rate))
    if plot:
        _save_history(statuses, rate, plot)
        typer.echo(plot)


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


def _names_of(recipe: "Recipe") -> str:
    """Not those of the files, because one file may hold both samples under different labels."""
    from offshell.data.samples import samples_of

    background, *signals = (sample.name for sample in samples_of(recipe, Path()))
    return f"{background}-finds-{'-'.join(signals)}"


def _carried_out(recipe: "Recipe", folder: Path) -> "Run":
    from offshell.run import Run

    work = Run.start(recipe, folder)
    work.train()
    work.score()
    work.evaluate()
    return work


def _table_of_processes() -> Table:
    from offshell.simulate import EVENT_PROCESSES, PROCESSES
    from offshell.simulate.event_processes import MIXTURE

    table = Table("command", "process", "what it is", box=None)
    for command, processes in (("jets", PROCESSES), ("events", EVENT_PROCESSES)):
        for name, process in processes.items():
            table.add_row(command, name, process.title)
    mixture = ", ".join(f"{100 * share:g} % {name}" for name, share in MIXTURE.items())
    table.add_row("events", "background", f"the mixture of the ADC2021 challenge: {mixture}")
    table.add_row("events", "black-box", "background with a little of an undisclosed signal")
    return table


def _table_of_data_sets() -> Table:
    from offshell.data.catalog import CATALOG

    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(no_wrap=True, style="bold")
    for name, data_set in CATALOG.items():
        size = "size unknown" if data_set.size is None else f"{data_set.size / 1e9:.2f} GB"
        facts = (data_set.title, data_set.note, f"{size}; licence: {data_set.licence}", data_set.address)
        table.add_row(name, "\n".join(fact for fact in facts if fact))
    return table


def _save_history(statuses: list["BlockStatus"], rate_hz: float, path: Path) -> None:
    from offshell.data.store import replacing
    from offshell.report.rates import rate_history

    with replacing(path) as temporary:
        rate_history(statuses, rate_hz=rate_hz).savefig(temporary)


def _print_tables(work: "Run") -> None:
    from offshell.evaluate import rich_table
    from offshell.evaluate.baselines import NAMES

    for sample in work.metrics:
        Console().print(rich_table(work.metrics, sample, baselines=NAMES))
    if work.rates:
        _print_rates(work.rates, work.recipe)


def _print_rates(rates: "OperatingPoints", recipe: "Recipe") -> None:
    from offshell.evaluate.complement import rich_complementarity
    from offshell.evaluate.rates import rich_rates

    for rate, added in rates["complementarity"].items():
        Console().print(rich_rates(rates["efficiencies"], rate))
        Console().print(rich_complementarity(added))
    if missing := [rate for rate in rates["efficiencies"] if rate not in rates["complementarity"]]:
        least = recipe.evaluate.input_rate_hz / min(recipe.evaluate.rates_hz)
        typer.echo(
            f"No efficiency at {', '.join(missing)}: less than one event of {recipe.samples.n_test:,}. For "
            f"{missing[0]} samples.n_test has to be {least:,.0f} or more, ten times that for a number to trust."
        )
