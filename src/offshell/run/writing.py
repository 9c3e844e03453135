"""Write the small files of a run; each is complete or not there."""

import json
from pathlib import Path
from typing import Any

from offshell.io.replacing import replacing

__all__ = ["write_json", "write_text"]


def write_json(path: Path, content: Any) -> None:  # noqa: ANN401 - anything JSON knows
    """Write what JSON knows, for people to read too.

    Raises:
        InputError: if the file cannot be written.
    """
    write_text(path, json.dumps(content, indent=2))


def write_text(path: Path, text: str) -> None:
    """Write text.

    Raises:
        InputError: if the file cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_text(text)
