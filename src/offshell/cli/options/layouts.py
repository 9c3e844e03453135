"""How a file of jets to be written is laid out, as commands take it."""

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["FileLayout", "LayoutOption"]


class FileLayout(StrEnum):
    """The layouts of files of jets that can be written."""

    OFFSHELL = "offshell"
    JETNET = "jetnet"


LayoutOption = Annotated[
    FileLayout,
    typer.Option(
        help="constituents as they are, or the particle_features of 30 particles as JetNet has them."
    ),
]
