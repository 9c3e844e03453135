"""Trigger objects of an event: which row holds what, and the 57 numbers that detectors see."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError

__all__ = [
    "CLASSES",
    "ELECTRONS",
    "FEATURES",
    "JETS",
    "KINDS",
    "MET",
    "MUONS",
    "N_FEATURES",
    "N_OBJECTS",
    "checked",
    "features",
]

N_OBJECTS = 19
"""Rows of an event, as in the public ADC2021 set (Govorkova et al., arXiv:2107.02157)."""

FEATURES = ("pt", "eta", "phi")
N_FEATURES = N_OBJECTS * len(FEATURES)

MET = slice(0, 1)
ELECTRONS = slice(1, 5)
MUONS = slice(5, 9)
JETS = slice(9, 19)

KINDS = {"met": MET, "electrons": ELECTRONS, "muons": MUONS, "jets": JETS}
"""Rows of each kind of object, of falling pt; "electrons" are electrons and photons."""

CLASSES = {"met": 1, "electrons": 2, "muons": 3, "jets": 4}
"""What the fourth column of an object says; 0 is padding."""


def features(events: Float[np.ndarray, "n 19 4"]) -> Float[np.ndarray, "n 57"]:
    """Returns `pt, eta, phi` of object 0, of object 1, ... as one float32 row for each event.

    That is also the order of the inputs of AXOL1TL, the anomaly trigger of CMS (`AXOL1TLCondition.cc` in CMSSW).

    Args:
        events: `pt, eta, phi, class` of 19 objects, zero-padded, in GeV and radians or in hardware units.

    Returns:
        Three zeros for each padded object.

    Raises:
        InputError: If `events` has another shape or type, or holds NaN or infinite numbers.
    """
    numbers = checked(events)[..., : len(FEATURES)]
    return numbers.reshape(len(numbers), N_FEATURES).astype(np.float32, copy=False)


def checked(events: Float[np.ndarray, "n 19 4"]) -> Float[np.ndarray, "n 19 4"]:
    """Returns the events as they are, if they have the shape of events and all their numbers are finite.

    Args:
        events: `pt, eta, phi, class` of 19 objects, zero-padded.

    Raises:
        InputError: If the shape or the type is wrong, there is no event, or a number is NaN or infinite.
    """
    events = np.asarray(events)
    if events.shape[1:] != (N_OBJECTS, 4) or events.size == 0 or events.dtype.kind != "f":
        raise InputError(
            f"events: not an array of events. Expected: floats of shape (n, {N_OBJECTS}, 4), at least one event. "
            f"Received: {events.dtype} of shape {events.shape}."
        )
    if not np.isfinite(events).all():
        bad = int((~np.isfinite(events)).any(axis=(1, 2)).sum())
        raise InputError(
            f"events: not a number. Expected: finite pt, eta, phi. Received: {bad} events with NaN or inf."
        )
    return events
