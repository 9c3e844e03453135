"""The application with all its commands."""

from offshell.cli.app import app

__all__ = ["app"]
