"""Files of settings for Pythia, read line by line so that an error names the line."""

from pathlib import Path

from offshell.errors import InputError, from_extra

with from_extra("simulate", needed="Settings of Pythia need Pythia 8"):
    import pythia8mc

__all__ = ["checked_settings"]

_COMMENT_BEGINS, _COMMENT_ENDS = "/*", "*/"
_FRAME, _LAST_FRAME = "Beams:frameType", 3
"""Higher numbers than the last one are for events of other generators."""
_ONLY_IN_FILES = ("include", "main:subrun")
"""What Pythia itself treats in a special way when it reads a file."""


def checked_settings(path: Path) -> tuple[str, ...]:
    """The settings in a file, without comments.

    Raises:
        InputError: The file cannot be read or is empty, or Pythia refuses a line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read {path}. Expected: settings of Pythia. Received: {error}.") from error
    numbered = _without_comments(lines)
    if not numbered:
        raise InputError(f"{path} holds no setting. Expected: lines 'key = value'. Received: none.")
    _refuse_wrong_lines(path, numbered)
    return tuple(numbered.values())


def _without_comments(lines: list[str]) -> dict[int, str]:
    """By number of the line; as in Pythia, a line is a comment if it begins with anything but a letter or digit."""
    numbered = {}
    is_comment = False
    for number, line in enumerate(map(str.strip, lines), start=1):
        is_comment |= line.startswith(_COMMENT_BEGINS)
        if not is_comment and line[:1].isalnum():
            numbered[number] = line
        is_comment &= not line.startswith(_COMMENT_ENDS)
    return numbered


def _refuse_wrong_lines(path: Path, numbered: dict[int, str]) -> None:
    reader = pythia8mc.Pythia(xmlDir="", printBanner=False)
    reader.readString("Print:quiet = on")
    for number, line in numbered.items():
        if line.lower().startswith(_ONLY_IN_FILES):
            raise InputError(
                f"{path}, line {number}: more than one file or run. Expected: all settings of one run. Received: {line!r}."
            )
        if not reader.readString(line, warn=False):
            raise InputError(
                f"{path}, line {number}: Pythia refuses the setting. Expected: 'key = value' as in its manual. "
                f"Received: {line!r}."
            )
        if reader.mode(_FRAME) > _LAST_FRAME:
            raise InputError(
                f"{path}, line {number}: events of another generator. Expected: their file in the place of this one. "
                f"Received: {line!r}."
            )
