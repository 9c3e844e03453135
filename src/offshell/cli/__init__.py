"""The command line: each command parses, calls one function and prints where the result is."""

from offshell.cli import comparisons, compressed, datasets, rate, runs, samples  # noqa: F401 - their commands join the application
from offshell.cli.app import app, main

__all__ = ["app", "main"]
