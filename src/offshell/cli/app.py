"""The application: what all commands share."""

import logging
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler

from offshell import __version__
from offshell.cli.groups import SaysWhere

__all__ = ["app"]

_ORDER = (
    *("simulate", "datasets", "recipes", "run", "both-ways", "report", "evaluate", "compare"),
    *("rate", "robustness", "score", "monitor", "generate", "compress", "firmware"),
)


class _InOrder(SaysWhere):
    """Lists the commands in the order in which one comes to need them."""

    def list_commands(self, context: Any) -> list[str]:  # noqa: ANN401 - typer keeps its Click to itself
        """The names of the commands."""
        return sorted(super().list_commands(context), key=_ORDER.index)


app = typer.Typer(
    cls=_InOrder,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Search for new physics at colliders without assuming a signal.",
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - called by typer
    if wanted:
        typer.echo(f"offshell {__version__}")
        raise typer.Exit


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


def _handler() -> logging.Handler:
    return RichHandler(console=Console(stderr=True), show_time=False, show_level=False, show_path=False)
