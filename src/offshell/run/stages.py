"""The stages of a run, one after the other; those that are done are not done again."""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from offshell.run.measures.decorrelation import decorrelate
from offshell.run.run import Run

__all__ = ["Stage", "carry_out", "stages_of_compression", "stages_of_recipe"]

Stage = tuple[str, Callable[[], object]]
"""The file that a stage writes last, and the function that carries it out."""

log = logging.getLogger(__name__)


def carry_out(run: Run, stages: Iterable[Stage]) -> Path:
    """Carry out what is left of a run, and return the path of its report.

    A stage is done when the file that it writes last is there; one that was stopped begins anew.
    """
    for name, stage in stages:
        if (run.folder / name).exists():
            log.info("%s is there already", name)
        else:
            stage()
    return run.folder / "report.html"


def stages_of_recipe(run: Run) -> Iterator[Stage]:
    """Everything that the recipe asks for."""
    yield "history.json", run.train
    if run.recipe.compress:
        yield "compression.json", run.compress
    yield from _measured(run)
    if run.recipe.generate:
        yield "generation.json", run.compare_generated
    if run.recipe.firmware:
        yield "firmware/design.json", run.build_firmware
    yield "report.html", run.report


def stages_of_compression(run: Run) -> Iterator[Stage]:
    """What is left to do with the trained detector of another run."""
    yield "compression.json", run.compress
    yield from _measured(run)
    yield "report.html", run.report


def _measured(run: Run) -> Iterator[Stage]:
    yield "scores.h5", run.score
    if run.recipe.evaluate.decorrelate:
        yield "decorrelation.json", lambda: decorrelate(run)
    yield "metrics.json", run.evaluate
