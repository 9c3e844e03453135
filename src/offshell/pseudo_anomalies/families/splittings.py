"""Showers that are not those of QCD: partons split again and again, at any angle and with any sharing."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.dressing import dressed_in_subjets
from offshell.pseudo_anomalies.families.partly_seen import partly_seen
from offshell.pseudo_anomalies.partons import invariant_mass
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["shower", "splittings"]

_PARTONS = range(4, 16)  # 3 to 14 splittings
_DECADES_OF_ANGLE = 1.5


def splittings(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Draft:
    """Jets of 3 to 14 random splittings of one parton to two, half of them with invisible partons.

    Args:
        pool: Of background jets.
        n: How many.
        prior: Range of masses of all partons, the invisible ones too; numbers of prongs mean nothing here.
        rng: Where random numbers are from.
    """
    decays = partly_seen(pool, n, replace(prior, prongs=_PARTONS), rng, decay=shower)
    return dressed_in_subjets(decays, pool, rng)


def shower(
    n_prongs: Int[np.ndarray, " n"],
    mass: Float[np.ndarray, " n"],
    pt: Float[np.ndarray, " n"],
    rng: np.random.Generator,
) -> Float[np.ndarray, "n prongs 3"]:
    """Returns the partons of random splittings, pt in GeV, eta and phi relative to the axis.

    A parton splits with a probability proportional to its pt. Any sharing of the pt is as probable as another, as is any
    logarithm of the angle within one and a half decades; in the end all angles are scaled so that the mass comes out, up
    to what the cosine is beyond its second order.

    Args:
        n_prongs: How many partons there are in the end.
        mass: Of all partons in GeV.
        pt: Of all partons in GeV.
        rng: Where random numbers are from.
    """
    partons = np.zeros((len(pt), int(n_prongs.max()), 3))
    partons[:, 0, 0] = pt
    for n_present in range(1, partons.shape[1]):
        _split(partons, np.flatnonzero(n_prongs > n_present), n_present, rng)
    partons[..., 1:] *= (mass / invariant_mass(partons))[:, None, None]
    return partons


def _split(
    partons: Float[np.ndarray, "n prongs 3"],
    rows: Int[np.ndarray, " rows"],
    new: int,
    rng: np.random.Generator,
) -> None:
    """Split one parton of each row in place; the center of the pair stays where the parton was."""
    summed = np.cumsum(partons[rows, :new, 0], axis=1)
    old = (summed < rng.uniform(size=(len(rows), 1)) * summed[:, -1:]).sum(axis=1)
    z, angle = rng.uniform(size=len(rows)), 10 ** -rng.uniform(0, _DECADES_OF_ANGLE, len(rows))
    turn = rng.uniform(0, 2 * np.pi, len(rows))
    apart = (angle * np.stack([np.cos(turn), np.sin(turn)])).T
    mother = partons[rows, old]
    partons[rows, old, 0], partons[rows, new, 0] = z * mother[:, 0], (1 - z) * mother[:, 0]
    partons[rows, old, 1:] = mother[:, 1:] + (1 - z)[:, None] * apart
    partons[rows, new, 1:] = mother[:, 1:] - z[:, None] * apart
