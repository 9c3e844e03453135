"""Check jets on the way in and bring them to the one form that the rest of the package relies on."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.io.store import N_CONSTITUENTS

__all__ = ["checked_jets"]

_HIGHEST_PT = 14_000.0  # GeV; twice what a jet can have at the LHC, far below any jet that is given in MeV
_ROUNDING = 1e-5  # constituents whose pT agree to this in float32 are taken as ordered


def checked_jets(
    jets: Float[np.ndarray, "n particles 4"], *, source: str
) -> Float[np.ndarray, "n {N_CONSTITUENTS} 4"]:
    """Returns the jets as (n, 200, 4) float32 with constituents ordered by falling pT, zero-padded or cut.

    Args:
        jets: `E, px, py, pz` in GeV, with any number of constituents.
        source: What an error names, for example the file.

    Raises:
        InputError: If a number is NaN or infinite, a jet is empty, an energy is negative, or the energies look like MeV.
    """
    jets = np.asarray(jets, dtype=np.float32)
    _refuse_impossible(jets, source)
    return _resized(_ordered(jets))


def _refuse_impossible(jets: Float[np.ndarray, "n particles 4"], source: str) -> None:
    if not np.isfinite(jets).all():
        bad = int((~np.isfinite(jets)).any(axis=(1, 2)).sum())
        raise InputError(
            f"{source}: not a number. Expected: finite E, px, py, pz. Received: {bad} jets with NaN or inf."
        )
    if (empty := int((~jets[:, :1].any(axis=(1, 2))).sum())) > 0:
        raise InputError(
            f"{source}: empty jets. Expected: at least one constituent in each. Received: {empty} jets without any."
        )
    if (jets[..., 0] < 0).any():
        lowest = jets[..., 0].min()
        raise InputError(
            f"{source}: negative energy. Expected: columns E, px, py, pz with E >= 0. Received: E={lowest:g}."
        )
    momentum = np.einsum("npc->nc", jets[..., 1:3])  # twice as fast as a sum over this axis
    pt = np.hypot(momentum[:, 0], momentum[:, 1]).max(initial=0)
    if pt > _HIGHEST_PT:
        raise InputError(
            f"{source}: wrong units. Expected: GeV, jet pT below {_HIGHEST_PT:g}. Received: pT={pt:g}, perhaps MeV."
        )


def _ordered(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n particles 4"]:
    pt = np.hypot(jets[..., 1], jets[..., 2])
    unordered = (pt[:, 1:] > pt[:, :-1] * (1 + _ROUNDING)).any(axis=1)
    if not unordered.any():
        return jets
    order = np.argsort(-pt[unordered], axis=1, kind="stable")
    ordered = jets.copy()
    ordered[unordered] = np.take_along_axis(jets[unordered], order[..., np.newaxis], axis=1)
    return ordered


def _resized(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n {N_CONSTITUENTS} 4"]:
    missing = N_CONSTITUENTS - jets.shape[1]
    return np.pad(jets, ((0, 0), (0, missing), (0, 0))) if missing > 0 else jets[:, :N_CONSTITUENTS]
