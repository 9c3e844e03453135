"""Temporary files beside what is being written: whose they are, and which ones nobody will finish."""

import os
import re
import secrets
import socket
from hashlib import blake2b
from pathlib import Path

__all__ = ["remove_abandoned", "temporary_beside"]

_NAME = re.compile(r"\..+\.(?P<host>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}(\.[^.]+)?")


def temporary_beside(path: Path) -> Path:
    """A name in the folder of `path` that no other process takes; it says who writes there and keeps the suffix."""
    writer = f"{_host()}-{os.getpid()}-{secrets.token_hex(4)}"
    return path.with_name(f".{path.stem}.{writer}{path.suffix}")


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files of processes that are gone, killed or in a power cut.

    Those of another machine are left alone, because this one cannot know whether their process lives.
    """
    for path in folder.glob(".*"):
        found = _NAME.fullmatch(path.name)
        if found and found["host"] == _host() and not _lives(int(found["process"])):
            path.unlink(missing_ok=True)


def _host() -> str:
    return blake2b(socket.gethostname().encode(), digest_size=4).hexdigest()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # of somebody else
        return True
    return True
