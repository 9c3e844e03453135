"""The jet as a whole: mass, transverse momentum and number of constituents.

What its parts say is asked in `offshell.inputs.observables`.
"""

import numpy as np
from jaxtyping import Float, Int

from offshell.errors import InputError
from offshell.inputs.constituents import checked, energies
from offshell.inputs.momenta import masses

__all__ = ["mass", "n_constituents", "pt"]

PerJet = Float[np.ndarray, " n"]
"""One number for each jet."""


def mass(jets: Float[np.ndarray, "n particles 4"]) -> PerJet:
    r"""Returns the invariant mass of each jet in GeV; 0 where rounding makes the square negative.

    .. math:: m^2 = (\sum E)^2 - (\sum \vec{p})^2

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If `jets` has another shape, or holds NaN or infinity.
    """
    return masses(_summed(jets))


def pt(jets: Float[np.ndarray, "n particles 4"]) -> PerJet:
    """Returns the transverse momentum of each jet in GeV.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If `jets` has another shape, or holds NaN or infinity.
    """
    _, px, py, _ = _summed(jets).T
    transverse: PerJet = np.hypot(px, py)
    return transverse


def _summed(jets: Float[np.ndarray, "n particles 4"]) -> Float[np.ndarray, "n 4"]:
    with np.errstate(invalid="ignore"):
        # float64, because the mass is a small difference of large numbers.
        total: Float[np.ndarray, "n 4"] = checked(jets).sum(axis=1, dtype=np.float64)
    if not np.isfinite(total).all():
        raise InputError("jets: not a number. Expected: finite E, px, py, pz in GeV. Received: NaN or inf.")
    return total


def n_constituents(jets: Float[np.ndarray, "n particles 4"]) -> Int[np.ndarray, " n"]:
    """Returns how many constituents each jet has.

    Args:
        jets: `E, px, py, pz` in GeV, zero-padded.

    Raises:
        InputError: If `jets` has another shape, holds NaN, infinite or negative energies, or looks like MeV.
    """
    n_present: Int[np.ndarray, " n"] = np.count_nonzero(energies(checked(jets)), axis=1)
    return n_present
