"""Gather from a run what the report shows of reconstructed and of generated clouds."""

import keras

from offshell.report.findings.clouds import GenerationFindings, ReconstructionFindings
from offshell.run.results import Results

__all__ = ["collect_generation", "collect_reconstruction"]

_N_SHOWN = 5_000


def collect_generation(run: Results) -> GenerationFindings | None:
    """How the generated jets of a run compare with real ones; None if there are none."""
    if not (run.folder / "generation.json").exists():
        return None
    real, generated = run.real_and_generated()
    return GenerationFindings(real=real[:_N_SHOWN], generated=generated[:_N_SHOWN], metrics=run.generation)


def collect_reconstruction(run: Results) -> ReconstructionFindings | None:
    """How well the clouds of a run are reconstructed; None if they are not."""
    errors = run.reconstructions
    if not errors:
        return None
    n_particles, _ = run.model.shape
    codes = run.model.latents(keras.Input(run.model.shape)).values()
    return ReconstructionFindings(errors, sum(code.shape[-1] for code in codes), n_particles)
