"""The command that simulates events with two hard jets."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from offshell.cli.options.counts import count
from offshell.cli.options.paths import writable
from offshell.cli.options.simulation import HiddenOption, MultipartonOption, SeenOption
from offshell.cli.samples import DEFAULT_NUMBER, Detector, simulate_app
from offshell.errors import InputError
from offshell.simulate.dijets.processes import (
    BENCHMARK_DAUGHTERS,
    BENCHMARK_MASS,
    BENCHMARK_PRONGS,
    M_JJ_MIN,
    PT_MIN,
    RESONANCES,
    XY_RESONANCE,
    dijet_resonance,
    given_dijet_process,
    xy_resonance,
)
from offshell.simulate.dijets.selection import DIJET_ETA_MAX, DIJET_RADIUS
from offshell.simulate.generator.processes.given import is_process_file

if TYPE_CHECKING:
    from offshell.simulate import Process

__all__: list[str] = []

_OPTIONS_OF = {"mass": (XY_RESONANCE, *RESONANCES), "daughters": (XY_RESONANCE,), "prongs": (XY_RESONANCE,)}
"""Processes that have each option."""

_RESONANCE, _SELECTION, _COLLISIONS = "Resonance", "Selection", "Collisions"


@simulate_app.command()
def dijets(
    process: Annotated[
        str,
        typer.Argument(
            help="Named process, such as qcd or xy, see offshell simulate --list; or a file: .cmnd, .lhe, .lhe.gz, .hepmc or "
            ".hepmc.gz."
        ),
    ],
    out: Annotated[Path, typer.Option(help="HDF5 file to write.", callback=writable)],
    events: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Events to write (accepted, not tried), such as 20000 or 1e6.",
            show_default="20000, or all of a file of events",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same events, on any number of cores.")
    ] = 1,
    mass: Annotated[
        float | None,
        typer.Option(
            metavar="GEV",
            help="Of the resonance.",
            show_default=f"{BENCHMARK_MASS:g}",
            rich_help_panel=_RESONANCE,
        ),
    ] = None,
    daughters: Annotated[
        tuple[float, float] | None,
        typer.Option(
            metavar="<X Y>",
            help="Masses of X and Y of the process xy, in GeV.",
            show_default=f"{BENCHMARK_DAUGHTERS[0]:g} {BENCHMARK_DAUGHTERS[1]:g}",
            rich_help_panel=_RESONANCE,
        ),
    ] = None,
    prongs: Annotated[
        int | None,
        typer.Option(
            help="Quarks from X and from Y of the process xy: 2 or 3.",
            show_default=f"{BENCHMARK_PRONGS}",
            rich_help_panel=_RESONANCE,
        ),
    ] = None,
    pt_min: Annotated[
        float,
        typer.Option(metavar="GEV", help="Of the leading jet, at least.", rich_help_panel=_SELECTION),
    ] = PT_MIN,
    m_jj_min: Annotated[
        float,
        typer.Option(metavar="GEV", help="Of both jets together, at least.", rich_help_panel=_SELECTION),
    ] = M_JJ_MIN,
    radius: Annotated[
        float, typer.Option(help="Of the jets, anti-kT.", rich_help_panel=_SELECTION)
    ] = DIJET_RADIUS,
    eta: Annotated[
        float, typer.Option(help="Largest |eta| of both jets.", rich_help_panel=_SELECTION)
    ] = DIJET_ETA_MAX,
    energy: Annotated[
        float | None,
        typer.Option(
            metavar="TEV",
            help="Of both protons.",
            show_default="13, or as a file says",
            rich_help_panel=_COLLISIONS,
        ),
    ] = None,
    mpi: MultipartonOption = None,
    detector: Annotated[Detector, typer.Option(help="Parametric detector.")] = Detector.CMS,
    workers: Annotated[int | None, typer.Option(help="Processes to use.", show_default="all cores")] = None,
    invisible: HiddenOption = None,
    visible: SeenOption = None,
) -> None:
    """Simulate events with two hard jets: QCD, or resonances that decay to a pair of boosted particles."""
    from offshell.samples.names import refuse_unknown_process

    if not is_process_file(process):
        refuse_unknown_process(process, "dijets")
    from offshell.samples.simulated_dijets import simulate_dijets

    chosen = _resonance(process, mass=mass, daughters=daughters, prongs=prongs)
    if chosen is None:
        chosen = given_dijet_process(process, pt_min=pt_min, m_jj_min=m_jj_min)
    chosen = replace(chosen, invisible=tuple(invisible or ()), visible=tuple(visible or ()))
    default = DEFAULT_NUMBER if chosen.file is None else None
    simulate_dijets(
        process=chosen,
        n_events=default if events is None else count(events),
        seed=seed,
        pt_min=pt_min,
        m_jj_min=m_jj_min,
        radius=radius,
        eta_max=eta,
        energy=energy,
        multiparton=mpi,
        detector=detector.value,
        path=out,
        workers=workers,
    )
    typer.echo(out)


def _resonance(
    process: str, *, mass: float | None, daughters: tuple[float, float] | None, prongs: int | None
) -> "Process | None":
    """The process with the options that were given, None if there are none; those that it has not are refused."""
    wanted = {"mass": mass, "daughters": daughters, "prongs": prongs}
    given = {name: value for name, value in wanted.items() if value is not None}
    for name in given:
        if process not in _OPTIONS_OF[name]:
            expected = ", ".join(_OPTIONS_OF[name])
            raise InputError(
                f"{name} is no option of this process. Expected: {expected}. Received: {process}."
            )
    if process == XY_RESONANCE:
        return xy_resonance(**given)  # type: ignore[arg-type]  # one type for each name
    return dijet_resonance(process, mass=mass) if mass else None
