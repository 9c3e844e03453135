"""The application: what all commands share, and how mistakes and Ctrl-C end."""

import logging
import signal
import sys
import threading
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.text import Text

from offshell import __version__
from offshell.errors import OffshellError

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Search for new physics at colliders without assuming a signal.",
)


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


def _handler() -> logging.Handler:
    return RichHandler(console=Console(stderr=True), show_time=False, show_level=False, show_path=False)
