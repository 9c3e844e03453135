"""The families of pseudo-anomalies; another one is a function and a line here."""

from collections.abc import Callable, Sequence

import numpy as np

from offshell.errors import InputError, did_you_mean
from offshell.pseudo_anomalies.draft import Draft
from offshell.pseudo_anomalies.families.blobs import blobs
from offshell.pseudo_anomalies.families.fragmented import fragmented
from offshell.pseudo_anomalies.families.n_prong import cores, matched, resolved
from offshell.pseudo_anomalies.families.splittings import splittings
from offshell.pseudo_anomalies.pool import Pool
from offshell.pseudo_anomalies.prior import Prior

__all__ = ["FAMILIES", "Family", "families_named"]

Family = Callable[[Pool, int, Prior, np.random.Generator], Draft]
"""From a pool, a number, a prior and random numbers to so many jets; what it is called is its name."""

FAMILIES: tuple[Family, ...] = (matched, resolved, cores, splittings, blobs, fragmented)


def families_named(names: Sequence[str]) -> list[Family]:
    """Returns the families of these names.

    Raises:
        InputError: If there is none of a name.

    Example:
        >>> [family.__name__ for family in families_named(["cores", "blobs"])]
        ['cores', 'blobs']
    """
    known = {family.__name__: family for family in FAMILIES}
    for name in names:
        if name not in known:
            raise InputError(
                f"Unknown family.{did_you_mean(name, known)} Expected: one of {', '.join(known)}. Received: {name!r}."
            )
    return [known[name] for name in names]
