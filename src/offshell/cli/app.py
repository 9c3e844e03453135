"""The application: what all commands share, and how mistakes and Ctrl-C end."""

import logging
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.text import Text

from offshell import __version__
from offshell.cli.groups import SaysWhere
from offshell.cli.interrupts import Stopped, leave, stoppable
from offshell.errors import OffshellError
from offshell.io.replacing import FULL

__all__ = ["app", "main"]

app = typer.Typer(
    cls=SaysWhere,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Search for new physics at colliders without assuming a signal.",
)


def main() -> None:
    """Run a command; what goes wrong is answered with one line and an exit status, see docs/guide.md."""
    try:
        with stoppable():
            app()
    except Stopped as stopped:
        _say("Stopped", f"by {stopped}.")
        leave(stopped.number)
    except OffshellError as error:
        mistake = str(error)
    except OSError as error:
        if error.errno not in FULL:
            raise
        mistake = (
            f"Cannot write {error.filename or 'a file'}. Expected: room for it. Received: {error.strerror}."
        )
    # Not in the blocks above, where the exception keeps everything that the command made until Python has ended around it.
    _say("Error", mistake)
    sys.exit(1)


def _say(kind: str, message: str) -> None:
    Console(stderr=True, soft_wrap=True).print(Text.assemble((f"{kind}: ", "bold red"), message))


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
