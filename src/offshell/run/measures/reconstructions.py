"""How well the clouds of a run are reconstructed."""

import numpy as np

from offshell.evaluate.description.reconstruction import Reconstruction, reconstruction
from offshell.run.results import Results

__all__ = ["reconstructions"]

_N_RECONSTRUCTED = 2_000


def reconstructions(run: Results) -> dict[str, Reconstruction]:
    """How well some test jets of each sample are reconstructed; empty if the detector reconstructs nothing."""
    some = {name: run.inputs(events[:_N_RECONSTRUCTED]) for name, events in run.test_events()}
    made = {name: run.model.reconstruct(x) for name, x in some.items()}
    return {
        name: reconstruction(some[name], np.asarray(x_hat))
        for name, x_hat in made.items()
        if x_hat is not None
    }
