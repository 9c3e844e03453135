"""Names of figures that can be drawn."""

from pathlib import Path

from offshell.cli.options.paths import writable
from offshell.errors import InputError

__all__ = ["figure"]


def figure(path: Path | None) -> Path | None:
    """The path, refused before any work if matplotlib would refuse it after it.

    Raises:
        InputError: if the suffix is none of a figure, or no file can be written there.
    """
    if path and path.suffix not in {".svg", ".pdf", ".png"}:
        raise InputError(
            f"Cannot draw {path}. Expected: a name that ends in .svg, .pdf or .png. Received: {path.name}."
        )
    return writable(path)
