"""What made each result: command, version, date, and fingerprints of its code and inputs; kept in made.json."""

import json
from datetime import date
from pathlib import Path

import offshell

MADE = Path(__file__).resolve().parent / "made.json"


def made() -> dict[str, dict[str, str | None]]:
    """By the name of a study; a result without fingerprints is older than this record."""
    return json.loads(MADE.read_text())


def note(study) -> None:
    """The result of a study was made just now."""
    entry = {
        "command": study.command,
        "version": offshell.__version__,
        "date": date.today().isoformat(),
        "code": study.code,
        "inputs": study.contents,
    }
    MADE.write_text(json.dumps({**made(), study.name: entry}, indent=1, sort_keys=True) + "\n")


def is_stale(study) -> bool:
    """Whether code, arguments or inputs are others than those that made the result; inputs only if they are here."""
    entry = made().get(study.name)
    if entry is None or not study.result.exists() or entry["code"] != study.code:
        return True
    return not study.missing and entry["inputs"] != study.contents


def caption(names) -> str:
    """The line below a table, a sentence for each study that it shows."""
    entries = made()
    return f"*{' '.join(sentence(name, entries[name]) for name in names)}*"


def sentence(name, entry) -> str:
    done = f"Made by `{entry['command']}` with Offshell {entry['version']} on {entry['date']}"
    again = "" if entry["code"] else f"; `nox -s numbers -- {name}` makes it again"
    return f"{done}{again}."
