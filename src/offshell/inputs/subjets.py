"""How many prongs a jet has, from its constituents clustered with exclusive kT (FastJet, arXiv:1111.6097)."""

import awkward as ak
import fastjet
import numpy as np
from jaxtyping import Float

from offshell.inputs import clustering
from offshell.inputs.constituents import JET_RADIUS

__all__ = ["clustered", "n_subjettiness", "splitting_scales"]

_RADIUS = 1000.0  # so large that no constituent goes to the beam; the largest that FastJet allows


def clustered(jets: Float[np.ndarray, "n particles 4"]) -> fastjet.ClusterSequence:
    """Returns the kT clustering history (Ellis and Soper, hep-ph/9305266) of every jet.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.
    """
    present = jets[..., 0] > 0
    momenta = jets[present].astype(np.float64)
    definition = fastjet.JetDefinition(fastjet.kt_algorithm, _RADIUS)
    return clustering.clustered(momenta, present.sum(axis=1), definition)


def n_subjettiness(sequence: fastjet.ClusterSequence, *, n_subjets: list[int]) -> Float[np.ndarray, "n taus"]:
    r"""Returns tau_N, small when the jet has N prongs or fewer; exactly 0 for N constituents or fewer.

    .. math:: \tau_N = \frac{\sum_k p_{T,k} \min_j \Delta R_{jk}}{\sum_k p_{T,k} R_0}

    with R_0 = 0.8 and the N exclusive-kT subjets as axes j (Thaler and Van Tilburg, arXiv:1011.2268).

    Args:
        sequence: What `clustered` returns.
        n_subjets: The values of N, one column each.
    """
    taus = sequence.njettiness(
        measure_definition="NormalizedMeasure",
        axes_definition="KT_Axes",
        njets=n_subjets,
        beta=1.0,
        R0=JET_RADIUS,
    )
    tau: Float[np.ndarray, "n taus"] = ak.to_numpy(taus)
    return tau


def splitting_scales(
    sequence: fastjet.ClusterSequence, *, n_subjets: list[int]
) -> Float[np.ndarray, "n scales"]:
    r"""Returns the kT scale in GeV at which N + 1 subjets become N; 0 for N constituents or fewer.

    .. math:: \sqrt{d_{N,N+1}} = \min(p_{T,i}, p_{T,j}) \Delta R_{ij}

    A decay of a heavy particle of mass m has it near m / 2 (Butterworth, Cox, Forshaw, hep-ph/0201098).

    Args:
        sequence: What `clustered` returns.
        n_subjets: The values of N, one column each.
    """
    squares = [ak.to_numpy(sequence.exclusive_dmerge(n)) for n in n_subjets]
    scale: Float[np.ndarray, "n scales"] = _RADIUS * np.sqrt(np.stack(squares, axis=1))
    return scale
