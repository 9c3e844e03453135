"""Gather from a run what the report shows of observables."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from offshell.inputs.prepare import feature_names
from offshell.report.findings.observables import ObservableFindings
from offshell.run.results import Results
from offshell.settings import Observables

__all__ = ["collect_observables"]

BySample = Mapping[str, Float[np.ndarray, "n features"]]


def collect_observables(run: Results, seen: BySample, restored: BySample) -> ObservableFindings | None:
    """How samples differ in each observable, and how well it is reconstructed; None if the detector sees none.

    Args:
        run: that has been evaluated.
        seen: what the detector sees of some events of each sample.
        restored: its reconstructions of them, after scaling; empty if it makes none.
    """
    inputs = run.recipe.inputs
    if not isinstance(inputs, Observables):
        return None
    low, middle, high = np.quantile(seen[run.background], (0.16, 0.5, 0.84), axis=0)
    width = np.where(high > low, (high - low) / 2, 1.0)
    return ObservableFindings(
        names=feature_names(inputs),
        medians={
            name: (np.median(x, axis=0) - middle) / width
            for name, x in seen.items()
            if name != run.background
        },
        errors={
            name: np.mean(np.square(np.asarray(run.model.scaled(seen[name])) - x_hat), axis=0)
            for name, x_hat in restored.items()
        },
    )
