"""From the words of a command to a run that is carried out; what is wrong is said before anything slow is imported."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offshell.recipe import Draft, Recipe
    from offshell.run.run import Run

__all__ = ["both_carried_out", "carried_out", "chosen_recipe", "drafted", "names_of"]


def names_of(recipe: "Draft") -> str:
    """A name for the run of a recipe: not of its files, because one may hold both samples under different labels."""
    from offshell.samples.samples import samples_of

    background, *signals = (sample.name for sample in samples_of(recipe.samples, Path(), seed=recipe.seed))
    return f"{background}-finds-{'-'.join(signals)}"


def drafted(recipe: str, changes: Sequence[str], *, quick: bool) -> "Draft":
    """A recipe whose samples can be had; none of the packages that take seconds to import is needed to know.

    Raises:
        InputError: if there is no such recipe, a setting is wrong, or a sample cannot be had.
    """
    from offshell import recipe as recipes
    from offshell.run.provided import refuse_missing

    draft = recipes.load_draft(recipe, changes=changes)
    draft = recipes.quick(draft) if quick else draft
    refuse_missing(draft)
    return draft


def chosen_recipe(recipe: str, changes: Sequence[str], *, quick: bool) -> "Recipe":
    """A whole recipe, with absolute paths.

    Raises:
        InputError: if there is no such recipe, or a setting is wrong.
    """
    from offshell import recipe as recipes
    from offshell.run.provided import anchored_recipe

    chosen = recipes.load(recipe, changes=changes)
    return anchored_recipe(recipes.quick(chosen) if quick else chosen)


def carried_out(recipe: "Recipe", folder: Path, *, overwrite: bool) -> "Run":
    """The run of a recipe in a folder, from its beginning or from where it stopped.

    Raises:
        InputError: if the folder is taken, or the settings do not fit each other.
    """
    from offshell.run.folder import goes_on
    from offshell.run.lock import locked

    # Asked here already, because it refuses, which should come before the folder is made and before seconds of imports.
    goes_on(folder, recipe, overwrite=overwrite)
    with locked(folder):
        from offshell.run.beginnings import begun
        from offshell.run.stages import carry_out, stages_of_recipe

        work = begun(recipe, folder, overwrite=overwrite)
        carry_out(work, stages_of_recipe(work))
        return work


def both_carried_out(wanted: Mapping[Path, "Recipe"], *, overwrite: bool) -> list["Run"]:
    """The runs of several folders; if a command was stopped between two of them, the next one takes the first as it is.

    Raises:
        InputError: as `carried_out`, for any of the folders before the first run.
    """
    from offshell.run.folder import goes_on, is_finished, refuse_other_recipe

    finished = {folder for folder in wanted if is_finished(folder)}
    kept = finished if len(finished) < len(wanted) and not overwrite else set()
    for folder, recipe in wanted.items():
        if folder in kept:
            refuse_other_recipe(folder, recipe)
        else:
            goes_on(folder, recipe, overwrite=overwrite)
    from offshell.run.run import Run

    return [
        Run(folder) if folder in kept else carried_out(recipe, folder, overwrite=overwrite)
        for folder, recipe in wanted.items()
    ]
