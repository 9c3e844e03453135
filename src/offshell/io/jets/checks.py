"""Check jets on the way in and bring them to the one form that the rest of the package relies on."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float, Int

from offshell.errors import InputError
from offshell.io.store import N_CONSTITUENTS

__all__ = ["checked_jets", "impossible"]

_HIGHEST_PT = 14_000.0  # GeV; twice what a jet can have at the LHC, far below any jet that is given in MeV
_COLUMNS = "E, px, py, pz"
_SLACK = 1.01  # E and |p| of a massless particle agree to this, also where they were kept in half precision
_HEAVIEST = 2.0  # energy over momentum, summed over a jet; heavy hadrons at 20 GeV come to 1.1
_MOST = 0.5  # share from which on the units are to blame and not a single jet
_ROUNDING = 1e-5  # constituents whose pT agree to this in float32 are taken as ordered


def checked_jets(
    jets: Float[np.ndarray, "n particles 4"], *, source: str, numbers: Int[np.ndarray, " n"] | None = None
) -> Float[np.ndarray, "n {N_CONSTITUENTS} 4"]:
    """Returns the jets as (n, 200, 4) float32 with constituents ordered by falling pT, zero-padded or cut.

    Padding may stand anywhere, in front of the constituents as well.

    Args:
        jets: `E, px, py, pz` in GeV, with any number of constituents.
        source: What an error names, for example the file.
        numbers: Which jets of the source these are, for the error; default: the first ones.

    Raises:
        InputError: If a number is NaN or infinite, a jet is empty, an energy is negative, the columns are others (then energy
            and momentum do not fit), or the energies look like MeV. The first such jet is named.
    """
    jets = np.asarray(jets, dtype=np.float32)
    for wrong, what, expected in _impossible_jets(jets):
        if wrong.any():
            first = np.flatnonzero(wrong)[0]
            raise InputError(
                f"{source}: impossible jets. Expected: {expected}. Received: {wrong.sum()} of {len(jets)} {what}, "
                f"the first of which is jet {first if numbers is None else numbers[first]}."
            )
    return _resized(_ordered(jets))


def impossible(jets: Float[np.ndarray, "n particles 4"]) -> Bool[np.ndarray, " n"]:
    """Which jets cannot be, for which `checked_jets` refuses them.

    Args:
        jets: `E, px, py, pz` in GeV, with any number of constituents.
    """
    bad: Bool[np.ndarray, " n"] = np.any([wrong for wrong, _, _ in _impossible_jets(jets)], axis=0)
    return bad


def _impossible_jets(
    jets: Float[np.ndarray, "n particles 4"],
) -> Iterator[tuple[Bool[np.ndarray, " n"], str, str]]:
    """Which jets cannot be, what they are, and what is expected of jets."""
    finite = np.isfinite(jets).all(axis=(1, 2))
    yield np.asarray(~finite), "jets with NaN or inf", "finite E, px, py, pz"
    empty = np.asarray(~jets.any(axis=(1, 2)))
    yield empty, "jets without any", "at least one constituent in each"
    negative = np.asarray((jets[..., 0] < 0).any(axis=1))
    yield negative, "jets of negative energy", f"{_COLUMNS} with E >= 0"
    with np.errstate(invalid="ignore", over="ignore"):
        momentum = np.einsum("npc->nc", jets[..., 1:3])  # twice as fast as a sum over this axis
        pt = np.hypot(momentum[:, 0], momentum[:, 1])
        units = " (perhaps MeV)" if (pt > _HIGHEST_PT).mean() > _MOST else ""
        hard = f"jets with pT of up to {pt.max(initial=0):g}{units}"
        yield pt > _HIGHEST_PT, hard, f"GeV, jet pT below {_HIGHEST_PT:g}"
        yield _are_no_momenta(jets), "jets in which |p| is not about E", f"columns {_COLUMNS}"


def _are_no_momenta(jets: Float[np.ndarray, "n particles 4"]) -> Bool[np.ndarray, " n"]:
    """Particles of other columns are faster than light; or, as all of a jet, nearly at rest."""
    energy, momentum = jets[..., 0], np.sqrt(np.einsum("npc,npc->np", jets[..., 1:], jets[..., 1:]))
    faster = np.where(momentum > _SLACK * energy, momentum, 0).sum(axis=1)
    total, visible = momentum.sum(axis=1), energy.sum(axis=1)
    wrong: Bool[np.ndarray, " n"] = (faster > (_SLACK - 1) * total) | (visible > _HEAVIEST * total)
    return wrong


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
