"""Gather from a run what the report shows of reconstructed and of generated clouds."""

from typing import TYPE_CHECKING

from offshell.report.generation import GenerationFindings

if TYPE_CHECKING:
    from offshell.run import Run

__all__ = ["collect_generation"]

_N_SHOWN = 5_000


def collect_generation(run: "Run") -> GenerationFindings | None:
    """How the generated jets of a run compare with real ones; None if there are none."""
    if not (run.folder / "generation.json").exists():
        return None
    _, jets = next(run.test_events())
    real, generated = (run.inputs(some[:_N_SHOWN]) for some in (jets, run.generated))
    return GenerationFindings(real=real, generated=generated, metrics=run.generation)
