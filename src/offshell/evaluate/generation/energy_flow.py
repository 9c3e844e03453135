"""Energy-flow polynomials: a basis of what can be measured of a jet without seeing soft or collinear splittings."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.evaluate.generation.cloud_features import relative_clouds
from offshell.inputs.observables.flow_polynomials import GRAPHS, NAMES, connected

__all__ = ["polynomials", "prime_of_four"]


# Multigraphs of at most four edges, in the order of `energyflow.EFPSet("d<=4")`, which cannot be asked itself: EnergyFlow
# 1.4 needs the package wasserstein, whose newest release is not for NumPy 2.
_CONNECTED = (
    *("efp_1", "efp_2", "efp_3", "efp_4"),
    *("efp_1_1", "efp_2_1", "efp_3_1", "efp_2_2", "efp_triangle", "efp_thick_triangle"),
    *("efp_star_3", "efp_thick_star", "efp_1_1_1", "efp_2_1_1", "efp_1_2_1", "efp_paw", "efp_square"),
    *("efp_star_4", "efp_fork", "efp_1_1_1_1"),
)
_DISCONNECTED = (
    *(("efp_1", "efp_1"), ("efp_1", "efp_2"), ("efp_1", "efp_3"), ("efp_2", "efp_2")),
    *(("efp_1", "efp_1_1"), ("efp_2", "efp_1_1"), ("efp_1", "efp_2_1"), ("efp_1", "efp_triangle")),
    *(("efp_1", "efp_1", "efp_1"), ("efp_1", "efp_star_3"), ("efp_1", "efp_1_1_1"), ("efp_1_1", "efp_1_1")),
    *(("efp_1", "efp_1", "efp_2"), ("efp_1", "efp_1", "efp_1_1"), ("efp_1",) * 4),
)


def polynomials(clouds: Float[np.ndarray, "n particles columns"]) -> Float[np.ndarray, "n 36"]:
    r"""Returns the energy-flow polynomials of degree four and less (Komiske, Metodiev, Thaler, arXiv:1712.07124).

    .. math:: \mathrm{EFP}_G = \sum_{i_1} \cdots \sum_{i_N} z_{i_1} \cdots z_{i_N}
              \prod_{(k, l) \in G} \Delta R_{i_k i_l}

    with z the pt_rel of a particle. These 36 are what the Frechet and kernel physics distances compare (Kansal et
    al., arXiv:2211.10295), in the order of EnergyFlow.

    Args:
        clouds: `eta_rel, phi_rel, pt_rel, mask`, or with a column `jet_pt` before the mask.

    Raises:
        InputError: As for `relative_clouds`.
    """
    eta, phi, pt = np.moveaxis(relative_clouds(clouds)[..., :3].astype(np.float64), -1, 0)
    found = dict(zip(NAMES, connected(pt, eta, phi, np.full(len(pt), pt.shape[1])).T, strict=True))
    products = [np.prod([found[name] for name in names], axis=0) for names in _DISCONNECTED]
    return np.stack([pt.sum(axis=1), *(found[name] for name in _CONNECTED), *products], axis=1)


def prime_of_four() -> Bool[np.ndarray, " 36"]:
    """Returns which of the `polynomials` are connected, with four vertices and four edges.

    The mean Wasserstein distance of these five is the W1-EFP of JetNet (Kansal et al., arXiv:2106.11535).
    """
    sizes = [
        (len({vertex for edge in GRAPHS[name] for vertex in edge}), len(GRAPHS[name])) for name in _CONNECTED
    ]
    return np.array([False, *(size == (4, 4) for size in sizes), *[False] * len(_DISCONNECTED)])
