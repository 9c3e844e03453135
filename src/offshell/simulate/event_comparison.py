"""Numbers by which level-1 events are compared."""

import numpy as np
from jaxtyping import Float

__all__ = ["event_observables"]


def event_observables(events: Float[np.ndarray, "n 19 4"]) -> dict[str, Float[np.ndarray, " n"]]:
    """What makes samples of events alike or different.

    Args:
        events: ``pt, eta, phi, class`` in GeV and radians, zero-padded.

    Returns:
        One number an event: ``met``, ``lepton_pt`` of the hardest electron or muon and ``sum_pt`` of all 19 objects, in
        GeV, and ``n_electrons``, ``n_muons`` and ``n_jets``.
    """
    pt = events[..., 0].astype(float)
    electrons, muons, jets = pt[:, 1:5], pt[:, 5:9], pt[:, 9:]
    return {
        "met": pt[:, 0],
        "lepton_pt": pt[:, 1:9].max(axis=1),
        "sum_pt": pt.sum(axis=1),
        "n_electrons": np.count_nonzero(electrons, axis=1).astype(float),
        "n_muons": np.count_nonzero(muons, axis=1).astype(float),
        "n_jets": np.count_nonzero(jets, axis=1).astype(float),
    }
