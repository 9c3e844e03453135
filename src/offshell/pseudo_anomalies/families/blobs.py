"""Decays to so many particles that no prongs are left to be counted."""

from dataclasses import replace

import numpy as np

from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.dressing import dressed_in_subjets
from offshell.pseudo_anomalies.families.partly_seen import partly_seen
from offshell.pseudo_anomalies.phase_space import phase_space
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["blobs"]

_BODIES = range(6, 17)


def blobs(pool: Pool, n: int, prior: Prior, rng: np.random.Generator) -> Draft:
    """Decays to 6 to 16 bodies, spread evenly over phase space, half of them with invisible ones.

    Args:
        pool: Of background jets.
        n: How many.
        prior: Range of masses of all bodies, the invisible ones too; numbers of prongs mean nothing here.
        rng: Where random numbers are from.
    """
    decays = partly_seen(pool, n, replace(prior, prongs=_BODIES), rng, decay=phase_space)
    return dressed_in_subjets(decays, pool, rng)
