"""The commands that simulate samples."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from offshell.cli.app import app
from offshell.cli.groups import SaysWhere
from offshell.cli.options.counts import count
from offshell.cli.options.layouts import FileLayout, LayoutOption
from offshell.cli.options.lists import names, whole_numbers
from offshell.cli.options.paths import writable
from offshell.cli.options.simulation import (
    EnergyOption,
    EtaOption,
    HiddenOption,
    IdentitiesOption,
    InvisibleFractionOption,
    LongLivedOption,
    MediatorOption,
    MultipartonOption,
    PileupOption,
    RadiusOption,
    SeenOption,
    SoftDropOption,
)
from offshell.errors import InputError
from offshell.inputs.constituents import JET_RADIUS
from offshell.pseudo_anomalies.prior import MASS, PRONGS
from offshell.simulate.generator.lifetimes import LIFETIME_MAX
from offshell.simulate.generator.processes.given import is_process_file
from offshell.simulate.generator.processes.of_events import EventProcess
from offshell.simulate.generator.processes.process import JET_PT
from offshell.simulate.large_radius.conditions import JET_ETA_MAX

if TYPE_CHECKING:
    from offshell.simulate import Process

__all__ = ["simulate_app"]

simulate_app = typer.Typer(
    cls=SaysWhere, help="Simulate collisions, a detector and what it sees.", invoke_without_command=True
)
app.add_typer(simulate_app, name="simulate")


DEFAULT_NUMBER = 20_000
"""Of jets or events."""


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
    process: Annotated[
        str,
        typer.Argument(
            help="Named process, see offshell simulate --list; or a file: .cmnd (settings of Pythia), .lhe or .lhe.gz "
            "(Pythia showers them), .hepmc or .hepmc.gz (straight to the detector)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="HDF5 file to write.", callback=writable)],
    events: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Jets to write (accepted, not tried), such as 20000 or 1e6.",
            show_default="20000, or all of a file of events",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets, on any number of cores.")] = 1,
    pt: Annotated[
        tuple[float, float] | None,
        typer.Option(
            metavar="<low high>",
            help="Range of the pt of the jets in GeV.",
            show_default=f"{JET_PT[0]:g} {JET_PT[1]:g}",
        ),
    ] = None,
    detector: Annotated[
        Detector,
        typer.Option(
            help="Parametric detector; ATLAS_FINE has the fine electromagnetic calorimeter of today's card."
        ),
    ] = Detector.ATLAS,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
    layout: LayoutOption = FileLayout.OFFSHELL,
    energy: EnergyOption = None,
    mpi: MultipartonOption = None,
    long_lived: LongLivedOption = None,
    pileup: PileupOption = 0.0,
    radius: RadiusOption = JET_RADIUS,
    eta: EtaOption = JET_ETA_MAX,
    soft_drop: SoftDropOption = None,
    identities: IdentitiesOption = False,
    invisible: HiddenOption = None,
    visible: SeenOption = None,
    invisible_fraction: InvisibleFractionOption = None,
    mediator_mass: MediatorOption = None,
) -> None:
    """Simulate fat jets of a process: anti-kT, the leading one of each collision."""
    from offshell.samples.names import refuse_unknown_process

    if not is_process_file(process):
        refuse_unknown_process(process, "jets")
    from offshell.io.jets.writers import WRITERS
    from offshell.samples.simulated_jets import simulate_jets
    from offshell.simulate import SoftDrop

    chosen = _process_of_jets(
        process, invisible or [], visible or [], fraction=invisible_fraction, mediator=mediator_mass
    )
    if long_lived is not None:
        chosen = replace(chosen, lifetime_max=LIFETIME_MAX if long_lived else None)
    simulate_jets(
        process=chosen,
        n_jets=_n_wanted(events, chosen),
        seed=seed,
        pt=pt,
        detector=detector.value,
        path=out,
        workers=workers,
        write=WRITERS[layout.value],
        energy=energy,
        multiparton=mpi,
        pileup=pileup,
        radius=radius,
        eta_max=eta,
        soft_drop=SoftDrop(*soft_drop) if soft_drop else None,
        identities=identities,
    )
    typer.echo(out)


def _process_of_jets(
    given: str, invisible: list[int], visible: list[int], *, fraction: float | None, mediator: float | None
) -> "Process":
    from offshell.simulate import dark_shower, given_process

    chosen = given_process(given)
    options = {"invisible_fraction": fraction, "mediator_mass": mediator}
    of_dark_showers = {name: value for name, value in options.items() if value is not None}
    if of_dark_showers:
        if chosen.name != dark_shower().name:
            raise InputError(
                f"{next(iter(of_dark_showers))} is no option of this process. Expected: dark_shower. Received: {given}."
            )
        chosen = dark_shower(**of_dark_showers)
    return replace(chosen, invisible=tuple(invisible), visible=tuple(visible))


def _n_wanted(number: str | None, process: "Process | EventProcess | str") -> int | None:
    if number is not None:
        return count(number)
    return DEFAULT_NUMBER if isinstance(process, str) or process.file is None else None


@simulate_app.command()
def events(
    process: Annotated[
        str,
        typer.Argument(
            help="Named process, such as background or a-4l, see offshell simulate --list; or a file: .cmnd, .lhe, .lhe.gz, "
            ".hepmc or .hepmc.gz."
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="HDF5 file to write, in the layout of ADC2021.", callback=writable)
    ],
    n_events: Annotated[
        str | None,
        typer.Option(
            "--events",
            metavar="NUMBER",
            help="Events to write (accepted, not tried), such as 20000 or 1e6.",
            show_default="20000, or all of a file of events",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same events, on any number of cores.")
    ] = 1,
    pileup: Annotated[
        float | None,
        typer.Option(
            help="Mean number of further collisions, 0 for none; of zero-bias, of all.",
            show_default="20, zero-bias 60",
        ),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
    invisible: HiddenOption = None,
    visible: SeenOption = None,
) -> None:
    """Simulate level-1 trigger events: MET, 4 electrons, 4 muons, 10 jets; at least one lepton of pT > 23 GeV."""
    chosen = _process_of_events(process, invisible or [], visible or [])
    from offshell.samples.simulated_events import simulate_events

    wanted = _n_wanted(n_events, chosen)
    simulate_events(process=chosen, n_events=wanted, seed=seed, pileup=pileup, path=out, workers=workers)
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


def _process_of_events(given: str, invisible: list[int], visible: list[int]) -> "EventProcess | str":
    """Mixtures keep their names; they have no new particles."""
    from offshell.samples.names import refuse_unknown_process
    from offshell.simulate.generator.processes.given import given_event_process

    if not is_process_file(given):
        refuse_unknown_process(given, "events")
        return given
    return replace(given_event_process(given), invisible=tuple(invisible), visible=tuple(visible))


def _table_of_processes() -> Table:
    from offshell.simulate import DIJET_PROCESSES, EVENT_PROCESSES, PROCESSES
    from offshell.simulate.generator.processes.of_events import MIXTURE

    table = Table("command", "process", "what it is", box=None)
    tables = (("jets", PROCESSES), ("dijets", DIJET_PROCESSES), ("events", EVENT_PROCESSES))
    for command, processes in tables:
        for name, process in processes.items():
            table.add_row(command, name, process.title)
    mixture = ", ".join(f"{100 * share:g} % {name}" for name, share in MIXTURE.items())
    table.add_row("events", "background", f"the mixture of the ADC2021 challenge: {mixture}")
    table.add_row("events", "black-box", "background with a little of an undisclosed signal")
    table.add_row(
        "events", "zero-bias", "crossings of which nothing is asked, 60 collisions each at 13.6 TeV"
    )
    return table
