"""The commands that simulate samples."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from offshell.cli.app import app
from offshell.cli.groups import SaysWhere
from offshell.cli.options.counts import count
from offshell.cli.options.layouts import FileLayout, LayoutOption
from offshell.cli.options.lists import names, whole_numbers
from offshell.cli.options.paths import writable
from offshell.pseudo_anomalies.prior import MASS, PRONGS
from offshell.simulate.generator.event_processes import MEAN_PILEUP
from offshell.simulate.generator.processes import JET_PT

__all__ = ["simulate_app"]

simulate_app = typer.Typer(
    cls=SaysWhere, help="Simulate collisions, a detector and what it sees.", invoke_without_command=True
)
app.add_typer(simulate_app, name="simulate")


class Detector(StrEnum):
    """The parametric detectors."""

    ATLAS = "ATLAS"
    ATLAS_FINE = "ATLAS_FINE"
    CMS = "CMS"


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
    out: Annotated[Path, typer.Option(help="HDF5 file to write.", callback=writable)],
    events: Annotated[
        str,
        typer.Option(metavar="NUMBER", help="Jets to write (accepted, not tried), such as 20000 or 1e6."),
    ] = "20000",
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets, on any number of cores.")] = 1,
    pt: Annotated[
        tuple[float, float], typer.Option(metavar="<low high>", help="Range of the pt of the jets in GeV.")
    ] = JET_PT,
    detector: Annotated[
        Detector,
        typer.Option(
            help="Parametric detector; ATLAS_FINE has the fine electromagnetic calorimeter of today's card."
        ),
    ] = Detector.ATLAS,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
    layout: LayoutOption = FileLayout.OFFSHELL,
) -> None:
    """Simulate fat jets of a named process: anti-kT R=0.8, |eta| < 2."""
    from offshell.samples.names import refuse_unknown_process

    refuse_unknown_process(process, "jets")
    from offshell.io.jets.writers import WRITERS
    from offshell.samples.simulated_jets import simulate_jets

    simulate_jets(
        process=process,
        n_jets=count(events),
        seed=seed,
        pt=pt,
        detector=detector.value,
        path=out,
        workers=workers,
        write=WRITERS[layout.value],
    )
    typer.echo(out)


@simulate_app.command()
def events(
    process: Annotated[
        str, typer.Argument(help="Named process, such as background or a-4l; see offshell simulate --list.")
    ],
    out: Annotated[
        Path, typer.Option(help="HDF5 file to write, in the layout of ADC2021.", callback=writable)
    ],
    n_events: Annotated[
        str,
        typer.Option(
            "--events",
            metavar="NUMBER",
            help="Events to write (accepted, not tried), such as 20000 or 1e6.",
        ),
    ] = "20000",
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same events, on any number of cores.")
    ] = 1,
    pileup: Annotated[
        float, typer.Option(help="Mean number of further collisions; 0 for none.")
    ] = MEAN_PILEUP,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
) -> None:
    """Simulate level-1 trigger events: MET, 4 electrons, 4 muons, 10 jets; at least one lepton of pT > 23 GeV."""
    from offshell.samples.names import refuse_unknown_process

    refuse_unknown_process(process, "events")
    from offshell.samples.simulated_events import simulate_events

    simulate_events(
        process=process, n_events=count(n_events), seed=seed, pileup=pileup, path=out, workers=workers
    )
    typer.echo(out)


@simulate_app.command()
def pseudo_anomalies(
    background: Annotated[
        str,
        typer.Argument(
            metavar="PATH[:LABEL]", help="File of background jets, of which the first 12,000 are used."
        ),
    ],
    out: Annotated[Path, typer.Option(help="HDF5 file to write.", callback=writable)],
    events: Annotated[
        str, typer.Option(metavar="NUMBER", help="Jets to make, of each family the same number.")
    ] = "20000",
    families: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Some of matched, resolved, cores, splittings, blobs, fragmented, with commas.",
            show_default="all",
        ),
    ] = None,
    prongs: Annotated[
        str, typer.Option(metavar="NUMBERS", help="Numbers of prongs of matched, resolved and cores.")
    ] = ",".join(map(str, PRONGS)),
    mass: Annotated[
        tuple[float, float],
        typer.Option(metavar="<low high>", help="Range of the mass of what decays in GeV."),
    ] = MASS,
    radius: Annotated[
        float | None, typer.Option(help="R of the jets.", show_default="that of the background")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets.")] = 1,
) -> None:
    """Make jets as something unknown could make them, out of parts of background jets."""
    n_jets, wanted = count(events), whole_numbers(prongs)
    from offshell.pseudo_anomalies import FAMILIES, families_named
    from offshell.samples.pseudo_anomalies import make_pseudo_anomalies

    make_pseudo_anomalies(
        background=background,
        n_jets=n_jets,
        families=FAMILIES if families is None else families_named(names(families)),
        prongs=wanted,
        mass=mass,
        radius=radius,
        seed=seed,
        path=out,
    )
    typer.echo(out)


def _table_of_processes() -> Table:
    from offshell.simulate import EVENT_PROCESSES, PROCESSES
    from offshell.simulate.generator.event_processes import MIXTURE

    table = Table("command", "process", "what it is", box=None)
    for command, processes in (("jets", PROCESSES), ("events", EVENT_PROCESSES)):
        for name, process in processes.items():
            table.add_row(command, name, process.title)
    mixture = ", ".join(f"{100 * share:g} % {name}" for name, share in MIXTURE.items())
    table.add_row("events", "background", f"the mixture of the ADC2021 challenge: {mixture}")
    table.add_row("events", "black-box", "background with a little of an undisclosed signal")
    return table
