"""Begin a run in a folder, or go on with the one that stopped there."""

import filecmp
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from offshell import recipe as recipes
from offshell.errors import InputError
from offshell.evaluate.rates.reach import about_reach
from offshell.io.replacing import replacing
from offshell.recipe import Recipe
from offshell.run.environment import environment
from offshell.run.folder import clear, goes_on, refuse_itself
from offshell.run.provided import SAMPLES, anchored_recipe, provide, records
from offshell.run.refusals import refuse_unfit
from offshell.run.run import Run
from offshell.run.writing import write_json, write_text

__all__ = ["begun", "begun_compression"]

log = logging.getLogger(__name__)


def begun(recipe: Recipe, folder: Path, *, overwrite: bool = False) -> Run:
    """A new run, or the unfinished one of the same recipe in the folder.

    Args:
        recipe: of the run.
        folder: which is new or empty, or holds a run.
        overwrite: whether an earlier run is replaced, once everything that the new one needs is known to be there.

    Raises:
        InputError: if the folder holds something else or a finished run, a sample cannot be had, or the settings do not fit
            each other.
    """
    recipe, run = anchored_recipe(recipe), Run(folder)
    if goes_on(folder, recipe, overwrite=overwrite):
        log.info("Going on in %s, where an earlier command stopped", folder)
        return run
    refuse_unfit(recipe)
    if recipe.samples.kind == "events":
        log.info(about_reach(recipe.samples.n_test, input_rate_hz=recipe.evaluate.input_rate_hz))
    samples = run.samples_of(recipe)
    provide(samples, recipe)
    clear(folder)
    write_json(folder / "environment.json", environment(seed=recipe.seed))
    write_json(folder / SAMPLES, records(samples))
    write_text(folder / "recipe.toml", recipes.to_toml(recipe))
    return Run(folder)


def begun_compression(trained: Run, folder: Path, changes: Sequence[str], *, overwrite: bool = False) -> Run:
    """A run with the detector of another one, to be compressed.

    Args:
        trained: the run whose detector it is; of a compressed run, the one before its compression.
        folder: of the new run, beside the other one, so that both share simulated samples.
        changes: settings to change, such as `"compress.sparsity=0.5"`.
        overwrite: whether an earlier run in the folder is replaced.

    Raises:
        InputError: if the other run is not complete or the same, a file that it was made from is another one now, the
            settings do not fit each other, or the folder is taken.
    """
    refuse_itself(folder, trained.folder)
    model = trained.existing("float.keras" if trained.recipe.compress else "model.keras")
    trained.refuse_changed_files()
    table = [] if trained.recipe.compress else ["compress.sparsity=0"]
    recipe = recipes.load(trained.folder / "recipe.toml", changes=[*table, *changes])
    histories = trained.histories
    run = begun(recipe, folder, overwrite=overwrite)
    _take_over(model, folder)
    write_json(folder / "history.json", histories)
    return run


def _take_over(model: Path, folder: Path) -> None:
    taken = folder / "float.keras"
    if taken.exists() and not filecmp.cmp(model, taken, shallow=False):
        raise InputError(
            f"{folder} holds the detector of another training. Expected: that of {model} to go on with it, --overwrite to "
            "replace it, or another folder. Received: another detector."
        )
    with replacing(taken) as temporary:
        shutil.copyfile(model, temporary)
