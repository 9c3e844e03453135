"""The command that makes new jets."""

from pathlib import Path
from typing import Annotated

import typer

from offshell.cli.app import app
from offshell.cli.layouts import FileLayout, LayoutOption
from offshell.cli.runs import RunFolder

__all__ = ["generate"]


@app.command()
def generate(
    folder: RunFolder,
    out: Annotated[Path, typer.Option(help="HDF5 file to write, which every other command reads.")],
    events: Annotated[int, typer.Option(help="Jets to write.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same jets.")] = 1,
    layout: LayoutOption = FileLayout.OFFSHELL,
) -> None:
    """Make new jets with the generative detector of a run: a flow, flow matching, diffusion, a GAN or a VAE on clouds."""
    from offshell.run import Run

    Run(folder).generate(events, out, seed=seed, layout=layout.value)
    typer.echo(out)
