"""Energy-flow polynomials: a basis of what can be measured of a jet without seeing soft or collinear splittings."""

import numpy as np
from jaxtyping import Bool, Float

from offshell.evaluate.generation.cloud_features import relative_clouds

__all__ = ["polynomials", "prime_of_four"]


_JETS_PER_CHUNK = 1000  # of 30 particles: 35 MB of distances

# Multigraphs of at most four edges, in the order of `energyflow.EFPSet("d<=4")`, which cannot be asked itself: EnergyFlow
# 1.4 needs the package wasserstein, whose newest release is not for NumPy 2.
_CONNECTED = (
    *("", "ab", "ab ab", "ab ab ab", "ab ab ab ab"),
    *("ab ac", "ab ac ac", "ab ac ac ac", "ab ab ac ac", "ab ac bc", "ab ac ac bc"),
    *("ab ac ad", "ab ac ac ad", "ab ac bd", "ab ac ac bd", "ab ab ac bd", "ab ac bc ad", "ab ac bd cd"),
    *("ab ac ad ae", "ab ac ad be", "ab ac bd ce"),
)
_DISCONNECTED = (
    *("ab cd", "ab cd cd", "ab cd cd cd", "ab ab cd cd"),
    *("ab cd ce", "ab ab cd ce", "ab cd ce ce", "ab cd ce de"),
    *("ab cd ef", "ab cd ce cf", "ab cd ce df", "ab ac de df", "ab cd ef ef"),
    *("ab cd ef eg", "ab cd ef gh"),
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
    chunks = np.array_split(relative_clouds(clouds), -(-len(clouds) // _JETS_PER_CHUNK))
    return np.concatenate([_of_chunk(chunk) for chunk in chunks])


def _of_chunk(clouds: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 36"]:
    eta, phi, pt = np.moveaxis(clouds[..., :3], -1, 0)
    distance = np.hypot(*(x[:, :, np.newaxis] - x[:, np.newaxis] for x in (eta, phi)))
    return np.stack([_of_graph(graph, pt, distance) for graph in (*_CONNECTED, *_DISCONNECTED)], axis=1)


def _of_graph(
    graph: str, pt: Float[np.ndarray, "n particles"], distance: Float[np.ndarray, "n particles particles"]
) -> Float[np.ndarray, " n"]:
    """One polynomial, as a sum over the letters of its vertices: `Za,Zb,Zab->Z` for a single edge."""
    vertices = sorted(set(graph) - {" "}) or ["a"]
    edges = graph.split()
    subscripts = ",".join(f"Z{letters}" for letters in (*vertices, *edges))
    factors = [pt] * len(vertices) + [distance] * len(edges)
    return np.asarray(np.einsum(f"{subscripts}->Z", *factors, optimize="greedy"))


def prime_of_four() -> Bool[np.ndarray, " 36"]:
    """Returns which of the `polynomials` are connected, with four vertices and four edges.

    The mean Wasserstein distance of these five is the W1-EFP of JetNet (Kansal et al., arXiv:2106.11535).
    """
    sizes = np.array([(len(set(graph) - {" "}), len(graph.split())) for graph in _CONNECTED])
    return np.append((sizes == (4, 4)).all(axis=1), np.zeros(len(_DISCONNECTED), dtype=bool))
