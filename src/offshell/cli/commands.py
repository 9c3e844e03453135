"""The application with all its commands."""

from offshell.cli import comparisons, compressed, datasets, rate, runs, samples  # noqa: F401 - their commands join the application
from offshell.cli.app import app

__all__ = ["app"]
