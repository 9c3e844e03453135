"""The folder of a run: whether it is one, how far it is, and whether a command may write into it."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offshell import __version__
from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.io.replacing import refuse_unwritable
from offshell.io.temporaries import remove_abandoned
from offshell.run.lock import LOCK

if TYPE_CHECKING:
    from offshell.recipe import Recipe

__all__ = [
    "clear",
    "goes_on",
    "is_finished",
    "refuse_foreign",
    "refuse_itself",
    "refuse_other_design",
    "refuse_other_recipe",
    "refuse_taken",
]

_LAST = "report.html"
_N_NAMED = 3
_RESULTS = (
    *("recipe.toml", _LAST),  # first: without these nothing of the others counts
    *("history.json", "compression.json", "scores.h5", "metrics.json", "generation.json"),
    *("samples.json", "model.keras", "float.keras", "scores-float.h5", "reconstruction.json"),
    *("metrics-float.json", "rates.json", "rates-float.json", "generated.h5", "robustness.json"),
    *("calibration.h5", "decorrelated.h5", "decorrelation.json"),
)


def goes_on(folder: Path, recipe: "Recipe", *, overwrite: bool) -> bool:
    """Whether a run of a recipe goes on in a folder, where one of the same recipe stopped; it begins anew otherwise.

    Args:
        folder: which need not be there.
        recipe: with absolute paths, as the folder of a run holds it.
        overwrite: whether an earlier run in the folder, finished or not, is replaced.

    Raises:
        InputError: if the folder cannot be written to, holds something else than a run, a finished run that is not to be
            replaced, or an unfinished run of another recipe or of another version of Offshell.
    """
    refuse_taken(folder, overwrite=overwrite)
    if overwrite or not (folder / "recipe.toml").exists():
        return False
    refuse_other_recipe(folder, recipe)
    return True


def refuse_taken(folder: Path, *, overwrite: bool) -> None:
    """Raises InputError as `refuse_foreign`, and if a folder holds a finished run that is not to be replaced."""
    refuse_foreign(folder)
    if is_finished(folder) and not overwrite:
        raise InputError(
            f"{folder} holds a finished run. Expected: another folder, or --overwrite to replace the run. Received: neither."
        )


def refuse_foreign(folder: Path) -> None:
    """Raises InputError if a folder cannot be written to, or holds something and is no run."""
    refuse_unwritable(folder / _LAST)
    if _names(folder) and not _made_with(folder):
        raise InputError(
            f"{folder} is not empty and no run of Offshell. Expected: a new or empty folder, or a run. "
            f"Received: a folder with {_some(_names(folder))}."
        )


def refuse_itself(folder: Path, other: Path) -> None:
    """Raises InputError if a run would be written over the one that it is made from."""
    if folder.resolve() == other.resolve():
        raise InputError(f"A run cannot replace itself. Expected: another folder. Received: {folder}.")


def refuse_other_design(design: Path, run: Path) -> None:
    """Raises InputError if a folder holds something else than a design, or the design of another run than the one in `run`."""
    refuse_unwritable(design / "design.json")
    if not _names(design):
        return
    maker = _maker(design)
    if maker is None:
        raise InputError(
            f"{design} is not empty and no design of Offshell. Expected: a new or empty folder, or a design of {run}. "
            f"Received: a folder with {_some(_names(design))}."
        )
    if run.resolve() not in (Path(maker).resolve(), design.parent.resolve()):
        raise InputError(
            f"{design} holds the design of another run. Expected: another folder, or a design of {run}. Received: that of {maker}."
        )


def is_finished(folder: Path) -> bool:
    """Whether a folder holds a run that has come to its last stage, the report."""
    held = ("recipe.toml", _LAST)
    return _made_with(folder) is not None and all((folder / name).exists() for name in held)


def refuse_other_recipe(folder: Path, recipe: "Recipe") -> None:
    """Raises InputError if the run in a folder is of another recipe, or of another version of Offshell."""
    held = dict(_settings(tomllib.loads((folder / "recipe.toml").read_text())))
    wanted = dict(_settings(tomllib.loads(recipes.to_toml(recipe))))
    held["offshell"], wanted["offshell"] = _made_with(folder), __version__
    other = [key for key in {**held, **wanted} if held.get(key) != wanted.get(key)]
    if other:
        raise InputError(
            f"{folder} holds another run. Expected: {other[0]} = {held.get(other[0], 'none')} to go on with it, "
            f"--overwrite to replace it, or another folder. Received: {wanted.get(other[0], 'none')}."
        )


def clear(folder: Path) -> None:
    """Remove the files of a run, and nothing that somebody put beside them."""
    members = takewhile(Path.exists, (folder / f"scores-{number}.h5" for number in count(1)))
    for path in [*(folder / name for name in _RESULTS), *members]:
        path.unlink(missing_ok=True)
    if (folder / "firmware" / "design.json").exists():
        shutil.rmtree(folder / "firmware")


def _names(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    remove_abandoned(folder)
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def _some(names: list[str]) -> str:
    return ", ".join([*names[:_N_NAMED], *(["..."] if len(names) > _N_NAMED else [])])


def _made_with(folder: Path) -> str | None:
    """The version of Offshell that a folder names in `environment.json`, the first file of a run."""
    try:
        version: str | None = json.loads((folder / "environment.json").read_text()).get("offshell")
    except (OSError, ValueError, AttributeError):
        return None
    return version


def _maker(design: Path) -> str | None:
    """The run that a design names; None if it is none."""
    try:
        run: str = json.loads((design / "design.json").read_text())["provenance"]["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run


def _settings(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _settings(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
