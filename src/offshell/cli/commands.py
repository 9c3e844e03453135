"""The application with all its commands."""

from offshell.cli import (  # noqa: F401 - their commands join the application
    comparisons,
    compressed,
    datasets,
    dijets,
    rate,
    robustness,
    runs,
    samples,
    scoring,
)
from offshell.cli.app import app

__all__ = ["app"]
