"""Addresses of files on other machines, which are not read."""

from pathlib import Path

from offshell.errors import InputError

__all__ = ["refuse_address"]

_COPIED_WITH = {
    **dict.fromkeys(("root", "roots", "xroot", "xroots"), "xrdcp"),
    **dict.fromkeys(("http", "https", "ftp"), "curl -LO"),
    **dict.fromkeys(("s3", "gs", "dav", "davs", "gsiftp", "srm", "file"), "the tool of that storage"),
}


def refuse_address(name: str | Path) -> None:
    """Say what is possible instead of "no such file".

    Raises:
        InputError: if the name is an address such as `root://...` or `https://...`; names the tool that copies the file.
    """
    scheme, separator, _ = str(name).partition(":/")  # of the two slashes a path has lost one
    if separator and scheme.lower() in _COPIED_WITH and not Path(name).exists():
        raise InputError(
            f"Files are read from this machine only. Expected: a path; copy the file first, with "
            f"{_COPIED_WITH[scheme.lower()]}. Received: {name}."
        )
