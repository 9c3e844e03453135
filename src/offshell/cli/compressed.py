"""The commands that make a detector small and turn it into firmware."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from offshell.cli.app import app
from offshell.cli.options.figures import figure
from offshell.cli.options.frequency import frequency
from offshell.cli.options.paths import DesignFolder, RunFolder
from offshell.cli.runs import ChangesOption, OverwriteOption
from offshell.cli.tables import print_design, print_tables

__all__ = ["firmware_app"]


class _BuildUnlessNamed(TyperGroup):
    """Lets `offshell firmware RUN` stand for `offshell firmware build RUN`."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its Click to itself
        """The name of the command may be left out."""
        if arguments and _names_a_run(arguments[0], {*self.commands, "-h", "--help"}):
            arguments = ["build", *arguments]
        parsed: list[str] = super().parse_args(context, arguments)
        return parsed


def _names_a_run(word: str, commands: set[str]) -> bool:
    return word not in commands and (Path(word).exists() or not get_close_matches(word, commands))


firmware_app = typer.Typer(
    cls=_BuildUnlessNamed,
    no_args_is_help=True,
    help="Turn a compressed detector into firmware that is proven bit for bit: offshell firmware RUN. Prove a design again.",
)
app.add_typer(firmware_app, name="firmware")


@app.command()
def compress(
    folder: RunFolder,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the compressed run.", show_default="RUN-compressed")
    ] = None,
    bits: Annotated[
        int | None, typer.Option(help="The same number of bits everywhere.", show_default="learned")
    ] = None,
    sparsity: Annotated[float | None, typer.Option(help="Share of the weights to prune away.")] = None,
    changes: ChangesOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Make the detector of a run small: learned or uniform bit widths, pruning, a student; then score and evaluate it.

    Everything else is a setting, such as --set compress.widths.ebops=4000 or --set compress.student.hidden=16,8.
    """
    from offshell.run.folder import refuse_foreign, refuse_itself
    from offshell.run.lock import locked

    short = [] if bits is None else [f'compress.widths={{kind = "uniform", bits = {bits}}}']
    short += [] if sparsity is None else [f"compress.sparsity={sparsity}"]
    out = out or folder.with_name(f"{folder.name}-compressed")
    refuse_itself(out, folder)
    refuse_foreign(out)
    with locked(out):
        from offshell.run.beginnings import begun_compression
        from offshell.run.run import Run
        from offshell.run.stages import carry_out, stages_of_compression

        work = begun_compression(Run(folder), out, [*short, *(changes or ())], overwrite=overwrite)
        report = carry_out(work, stages_of_compression(work))
    print_tables(work)
    typer.echo(report)


@firmware_app.command()
def build(
    folder: RunFolder,
    score: Annotated[
        str | None,
        typer.Option(help="mu2, radius, kl_gaussian, mse, student or ht.", show_default="of the recipe"),
    ] = None,
    rate: Annotated[
        str | None, typer.Option(help="Trigger rate, such as 1kHz.", show_default="of the recipe, 1kHz")
    ] = None,
    clock: Annotated[
        str | None, typer.Option(help="Clock, such as 200MHz.", show_default="of the recipe, 200MHz")
    ] = None,
    part: Annotated[str | None, typer.Option(help="Device for the vendor's tools.")] = None,
    place: Annotated[
        bool | None,
        typer.Option(
            help="Place and route for an ECP5, to measure a clock.", show_default="of the recipe, yes"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the design.", show_default="RUN/firmware")
    ] = None,
) -> None:
    """Write RTL, HLS project and emulator of a score with its threshold, prove them, count what they take."""
    from offshell.run.folder import refuse_other_design
    from offshell.run.lock import LOCK, locked

    out = out or folder / "firmware"
    refuse_other_design(out, folder)
    chosen = {
        "score": score,
        "rate_hz": rate and frequency(rate),
        "clock_mhz": clock and frequency(clock) / 1e6,
        "part": part,
        "place": place,
    }
    is_inside = out.parent.resolve() == folder.resolve()
    with locked(out.parent, name=LOCK if is_inside else f".{out.name}{LOCK}"):
        from offshell.run.run import Run
        from offshell.settings import Firmware

        work = Run(folder)
        recipe = work.recipe.firmware or Firmware()
        wanted = recipe.model_copy(
            update={name: value for name, value in chosen.items() if value is not None}
        )
        print_design(work.build_firmware(folder=out, wanted=wanted))


@firmware_app.command()
def check(
    folder: DesignFolder,
) -> None:
    """Prove a design again: Keras, integer program, emulator, RTL, HLS project and test bench, bit for bit."""
    from offshell.firmware import Design
    from offshell.firmware import check as prove

    for name, n_vectors in prove(Design(folder)).items():
        typer.echo(f"{name}: {n_vectors:,} vectors agree")


@firmware_app.command()
def waveform(
    folder: DesignFolder,
    out: Annotated[Path, typer.Option(help="Figure to write, .svg, .pdf or .png.", callback=figure)],
) -> None:
    """Draw what a simulator shows: an event goes in, its score and bit come out some clocks later."""
    from offshell.firmware import Design
    from offshell.firmware.rtl.recording import draw_waveform

    draw_waveform(Design(folder), out)
    typer.echo(out)
