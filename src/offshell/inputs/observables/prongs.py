"""How many prongs a jet has."""

import numpy as np
from jaxtyping import Float, Int

from offshell.inputs.constituents import JET_RADIUS
from offshell.inputs.observables.compiled import compiled
from offshell.inputs.observables.distances import distance2
from offshell.inputs.observables.particles import Particles
from offshell.inputs.observables.trees import WINNER_TAKES_ALL, grown

__all__ = ["NAMES", "prongs"]

_MOST = 6
_LEAST_PT = 1e-12  # GeV
_RATIOS = ("tau21", "tau32", "tau43", "tau54", "tau65")

NAMES = (
    "axes_angle",
    *("tau1", "tau2", "tau3", "tau4", "tau5", "tau6", *_RATIOS),
    *(f"tau{n}_beta2" for n in range(1, _MOST + 1)),
    *(f"{name}_beta2" for name in _RATIOS),
)
"""The columns of `prongs`."""


def prongs(particles: Particles) -> Float[np.ndarray, "n 23"]:
    r"""N-subjettiness, small when a jet has N prongs or fewer (Thaler and Van Tilburg, arXiv:1011.2268 and arXiv:1108.2701).

    .. math:: \tau_N^{(\beta)} = \frac{\sum_i p_{T,i} \min_a \Delta R_{ia}^\beta}{\sum_i p_{T,i} R_0^\beta}

    with R_0 = 0.8 and, as axes a, the N exclusive-kT subjets, each in the direction of its hardest part (winner takes all:
    Larkoski, Neill and Thaler, arXiv:1401.2158). `tau1` to `tau6` and the ratios `tau21` = tau2 / tau1 to `tau65` have
    $\beta = 1$; with `_beta2` $\beta = 2$. Exactly 0 for N particles or fewer, and so are ratios to such a number.

    `axes_angle` is the distance of the first of these axes from the momentum of the jet (Cal, Neill, Ringer and Waalewijn,
    arXiv:1911.06840), as large as what recoils against the hardest part.
    """
    trees = grown(particles, WINNER_TAKES_ALL)
    n_jets, n_ratios = len(trees.count), len(_RATIOS)
    found = np.zeros((n_jets, 2, _MOST + n_ratios))
    tau = np.zeros((n_jets, 2, _MOST))
    _add_distances(trees.pt, trees.y, trees.phi, trees.count, trees.children, tau)
    tau /= np.maximum(particles.pt.sum(axis=1), _LEAST_PT)[:, np.newaxis, np.newaxis]
    tau /= np.array([[JET_RADIUS], [JET_RADIUS**2]])
    found[..., :_MOST] = tau
    np.divide(tau[..., 1:], tau[..., :-1], out=found[..., _MOST:], where=tau[..., :-1] > 0)
    rows, root = np.arange(n_jets), trees.root
    angle = np.hypot(trees.y[rows, root], trees.phi[rows, root])
    return np.column_stack((angle, found.reshape(n_jets, -1)))


@compiled
def _add_distances(
    pt: Float[np.ndarray, "n nodes"],
    y: Float[np.ndarray, "n nodes"],
    phi: Float[np.ndarray, "n nodes"],
    count: Int[np.ndarray, " n"],
    children: Int[np.ndarray, "n steps 2"],
    sums: Float[np.ndarray, "n 2 6"],
) -> None:
    """The sums of pT times distance from the nearest axis and its square, for one axis to as many as fewer than the particles."""
    axes = np.empty(_MOST, np.int64)
    for jet in range(len(count)):
        n = count[jet]
        for n_axes in range(1, min(_MOST, n - 1) + 1):
            _undo(axes, children, jet, n - n_axes, n_axes)
            for particle in range(n):
                nearest = 1e300
                for place in range(n_axes):
                    axis = axes[place]
                    away = distance2(y[jet, particle], phi[jet, particle], y[jet, axis], phi[jet, axis])
                    nearest = min(nearest, away)
                sums[jet, 0, n_axes - 1] += pt[jet, particle] * np.sqrt(nearest)
                sums[jet, 1, n_axes - 1] += pt[jet, particle] * nearest


@compiled
def _undo(
    axes: Int[np.ndarray, " axes"], children: Int[np.ndarray, "n steps 2"], jet: int, step: int, n_axes: int
) -> None:
    """Put what a step had joined in place of what it made, so that there is one axis more; the last step made the first axis."""
    made = children.shape[1] + 1 + step
    if n_axes == 1:
        axes[0] = made - 1
        return
    for place in range(n_axes - 1):
        if axes[place] == made:
            axes[place] = children[jet, step, 0]
    axes[n_axes - 1] = children[jet, step, 1]
