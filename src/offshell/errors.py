"""The errors a user can cause; the command line prints each as one line, without a traceback."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

__all__ = [
    "CollapseWarning",
    "FirmwareError",
    "InputError",
    "MissingDependencyError",
    "OffshellError",
    "TrainingError",
    "did_you_mean",
    "from_extra",
]


class OffshellError(Exception):
    """What went wrong, with which argument or file, what was expected and what was received."""


class InputError(OffshellError, ValueError):
    """A file, an array or a setting is not what the function needs."""


class CollapseWarning(UserWarning):
    """A detector came out of its training without having learned to tell events apart."""


class FirmwareError(OffshellError, RuntimeError):
    """A design fails its proof, or a tool that builds, simulates or synthesizes it; the message names the log."""


class MissingDependencyError(OffshellError, ImportError):
    """An optional package is not installed; the message holds the command that installs it."""


class TrainingError(OffshellError, RuntimeError):
    """Training cannot go on, for example because the loss is not a number."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question to put behind an error, with a space before it; nothing if no known word is near.

    Example:
        >>> did_you_mean("tops", ["qcd", "top"])
        " Did you mean 'top'?"
        >>> did_you_mean("xyzzy", ["qcd", "top"])
        ''
    """
    nearest = get_close_matches(word.lower(), known, n=1)
    return f" Did you mean {nearest[0]!r}?" if nearest else ""


@contextmanager
def from_extra(extra: str, *, needed: str) -> Iterator[None]:
    """Imports in this block are of packages that an extra of Offshell installs.

    Args:
        extra: Its name, as in `pip install 'offshell[root]'`.
        needed: Who needs the packages, for the error.

    Raises:
        MissingDependencyError: If a package is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise MissingDependencyError(
            f"{needed}. Expected: pip install 'offshell[{extra}]'. Received: {error}."
        ) from error
