"""The command line: each command parses, calls one function and prints where the result is."""

from offshell.cli.program import main

__all__ = ["main"]
