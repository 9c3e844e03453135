"""The errors a user can cause; the command line prints each as one line, without a traceback."""

__all__ = ["FirmwareError", "InputError", "MissingDependencyError", "OffshellError", "TrainingError"]


class OffshellError(Exception):
    """What went wrong, with which argument or file, what was expected and what was received."""


class InputError(OffshellError, ValueError):
    """A file, an array or a setting is not what the function needs."""


class FirmwareError(OffshellError, RuntimeError):
    """A design fails its proof, or a tool that builds, simulates or synthesizes it; the message names the log."""


class MissingDependencyError(OffshellError, ImportError):
    """An optional package is not installed; the message holds the command that installs it."""


class TrainingError(OffshellError, RuntimeError):
    """Training cannot go on, for example because the loss is not a number."""
