"""Coverage and minimum matching distance: whether generated jets reach all real ones, and how closely."""

import numpy as np
from jaxtyping import Float

from offshell.evaluate.description.transport import energy_movers_distance

__all__ = ["coverage", "distances_between", "matching_distance", "of_batches"]

_N_BATCHES = 5
_JETS_PER_BATCH = 100
_RADIUS = 1.0  # the default of energyflow, which jetnet leaves as it is

Distances = Float[np.ndarray, "generated real"]


def coverage(distances: Distances) -> float:
    """Returns the share of real jets that are the nearest one to some generated jet (Achlioptas et al., arXiv:1707.02392).

    Args:
        distances: From each generated to each real jet.
    """
    return float(np.unique(distances.argmin(axis=1)).size / distances.shape[1])


def matching_distance(distances: Distances) -> float:
    """Returns the mean distance from a real jet to the nearest generated one, the MMD of Achlioptas et al. (arXiv:1707.02392).

    It is not the maximum mean discrepancy, which goes by the same letters.

    Args:
        distances: From each generated to each real jet.
    """
    return float(distances.min(axis=0).mean())


def distances_between(
    generated: Float[np.ndarray, "generated particles 4"], real: Float[np.ndarray, "real particles 4"]
) -> Distances:
    """Returns the energy mover's distance of each generated from each real jet, with R = 1 as jetnet has it.

    Args:
        generated: `eta_rel, phi_rel, pt_rel, mask`.
        real: The same.
    """
    pairs = np.repeat(generated, len(real), axis=0), np.tile(real, (len(generated), 1, 1))
    return energy_movers_distance(*pairs, radius=_RADIUS).reshape(len(generated), len(real))


def of_batches(
    real: Float[np.ndarray, "n particles 4"],
    generated: Float[np.ndarray, "m particles 4"],
    *,
    rng: np.random.Generator,
) -> Float[np.ndarray, "batches 2"]:
    """Returns coverage and minimum matching distance of five batches of 100 jets each, or of all if there are fewer.

    Both depend on the size of the batch, which is that of `jetnet.evaluation.cov_mmd`. Other than there, no jet comes
    twice in a batch, where its copy could not be covered.

    Args:
        real: `eta_rel, phi_rel, pt_rel, mask`.
        generated: The same.
        rng: Draws the batches.
    """
    size = min(_JETS_PER_BATCH, len(real), len(generated))
    found = []
    for _ in range(_N_BATCHES):
        distances = distances_between(*(rng.choice(jets, size, replace=False) for jets in (generated, real)))
        found.append((coverage(distances), matching_distance(distances)))
    return np.array(found)
