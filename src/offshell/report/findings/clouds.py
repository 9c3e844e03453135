"""What a run found on jets as sets of particles: how they are reconstructed, and what was generated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from offshell.evaluate.description.reconstruction import Reconstruction

if TYPE_CHECKING:  # it needs packages that a report without generated jets does without
    from offshell.evaluate.generation.comparison import GenerationMetric

__all__ = ["GenerationFindings", "ReconstructionFindings"]


@dataclass(frozen=True)
class GenerationFindings:
    """What a generator made, beside real jets that it was not trained on.

    Attributes:
        real: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` before the mask, (n, particles, columns).
        generated: The same of generated jets.
        metrics: What `offshell.evaluate.generation.comparison.compare_generated` says of them.
    """

    real: Float[np.ndarray, "n particles columns"]
    generated: Float[np.ndarray, "m particles columns"]
    metrics: Mapping[str, "GenerationMetric"]


@dataclass(frozen=True)
class ReconstructionFindings:
    """How well the clouds of each sample are reconstructed, and from how much.

    Attributes:
        errors: What `offshell.evaluate.description.reconstruction.reconstruction` says of each sample, the background first.
        size: Numbers in the code.
        n_particles: Particles of a cloud.
    """

    errors: Mapping[str, Reconstruction]
    size: int
    n_particles: int
