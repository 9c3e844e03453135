"""Paths as commands take them, refused before anything that takes seconds is imported."""

from pathlib import Path
from typing import Annotated

import typer

from offshell.errors import InputError
from offshell.io.addresses import refuse_address
from offshell.io.replacing import refuse_unwritable
from offshell.recipe.pretrained import pretrained_folder

__all__ = ["DesignFolder", "RunFolder", "ScoringFolder", "readable", "run_folder", "run_folders", "writable"]


def run_folder(folder: Path | None) -> Path | None:
    """The folder of a run, refused before any work if it holds none.

    Raises:
        InputError: if there is no such folder, or no recipe in it.
    """
    if folder is None:
        return None
    refuse_address(folder)
    if not (folder / "recipe.toml").exists():
        received = "none" if folder.is_dir() else "a file" if folder.exists() else "no such folder"
        raise InputError(
            f"{folder} is not a complete run. Expected: a folder with a file recipe.toml in it, as offshell run makes. "
            f"Received: {received}."
        )
    return folder


def scoring_folder(folder: Path) -> Path | None:
    """The folder of a run, or of a detector of that name that comes with Offshell.

    Raises:
        InputError: if there is neither.
    """
    if (folder / "recipe.toml").exists() or not (shipped := pretrained_folder(str(folder))):
        return run_folder(folder)
    return shipped


def run_folders(folders: list[Path]) -> list[Path]:
    """The folders of runs, as `run_folder`.

    Raises:
        InputError: if one of them holds no run.
    """
    for folder in folders:
        run_folder(folder)
    return folders


def writable(path: Path | None) -> Path | None:
    """The path of a file to write, refused before any work if it could not be written after it.

    Raises:
        InputError: if it is a folder, or in none that can be made or written to.
    """
    if path:
        refuse_address(path)
        refuse_unwritable(path)
    return path


def _design(folder: Path) -> Path:
    if not (folder / "design.json").is_file():
        raise InputError(
            f"{folder} holds no design. Expected: a folder that offshell firmware wrote. Received: no design.json."
        )
    return folder


def readable(path: Path | None) -> Path | None:
    """The path of a file or folder to read, refused before any work if it is not there.

    Raises:
        InputError: if there is none.
    """
    if path is None:
        return None
    refuse_address(path)
    if not path.exists():
        raise InputError(f"Cannot read {path}. Expected: a file. Received: no such file.")
    return path


DesignFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a design.", callback=_design)]
RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of a run, such as runs/demo.", callback=run_folder)
]
ScoringFolder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="Folder of a run, such as runs/demo, or outlier-exposure, which comes trained.",
        callback=scoring_folder,
    ),
]
