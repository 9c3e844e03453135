"""The program `offshell`: how it begins, and how mistakes, full disks and Ctrl-C end."""

import sys

from offshell.cli.interrupts import Stopped, leave, stoppable
from offshell.errors import OffshellError
from offshell.io.replacing import FULL

__all__ = ["main"]


def main() -> None:
    """Run a command; what goes wrong is answered with one line and an exit status, see docs/guide.md."""
    try:
        with stoppable():
            from offshell.cli.commands import app  # here, so that Ctrl-C can come while it is imported

            app()
    except Stopped as stopped:
        sys.stderr.write(f"Stopped: by {stopped}.\n")
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
    _complain(mistake)
    sys.exit(1)


def _complain(mistake: str) -> None:
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, soft_wrap=True).print(Text.assemble(("Error: ", "bold red"), mistake))
