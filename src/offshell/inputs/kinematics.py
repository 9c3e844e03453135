"""What a physicist looks at first in an event: missing and summed transverse momentum, leading objects, multiplicities."""

import numpy as np
from jaxtyping import Float

from offshell.inputs.objects import ELECTRONS, JETS, MET, MUONS, checked

__all__ = ["OBSERVABLES", "observables"]

OBSERVABLES = (
    "met",
    "ht",
    "lepton_pt",
    "jet_pt",
    "n_electrons",
    "n_muons",
    "n_jets",
)
"""Names of what `observables` returns; transverse momenta are in GeV."""


def observables(events: Float[np.ndarray, "n 19 4"]) -> dict[str, Float[np.ndarray, " n"]]:
    """The quantities of `OBSERVABLES` for each event.

    `met` is the missing transverse momentum, `ht` the scalar sum of jet pT, `lepton_pt` and `jet_pt` are those of the
    leading electron (or photon) or muon and of the leading jet, zero where there is none.

    Args:
        events: `pt, eta, phi, class` of 19 objects, zero-padded, in GeV.

    Raises:
        InputError: if `events` has another shape, or holds NaN or infinite numbers.

    Example:
        >>> event = np.zeros((1, 19, 4))
        >>> event[0, [0, 5, 9, 10], 0] = 30, 25, 50, 40
        >>> {name: float(value[0]) for name, value in observables(event).items()}
        {'met': 30.0, 'ht': 90.0, 'lepton_pt': 25.0, 'jet_pt': 50.0, 'n_electrons': 0.0, 'n_muons': 1.0, 'n_jets': 2.0}
    """
    pt = checked(events)[..., 0]
    leptons, jets = pt[:, ELECTRONS.start : MUONS.stop], pt[:, JETS]
    counts = [(pt[:, rows] > 0).sum(axis=1).astype(float) for rows in (ELECTRONS, MUONS, JETS)]
    values = (pt[:, MET.start], jets.sum(axis=1), leptons.max(axis=1), jets.max(axis=1), *counts)
    return dict(zip(OBSERVABLES, values, strict=True))
