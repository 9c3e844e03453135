"""A drift to try the rate monitor on: energies that are measured too high or too low."""

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs.objects import checked

__all__ = ["scaled_pt"]


def scaled_pt(
    events: Float[np.ndarray, "n 19 4"], scale: float | Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n 19 4"]:
    """Returns the events as a detector with another energy scale would see them.

    The pT of every object is multiplied, missing energy included. Objects that would thereby come above or fall below
    the threshold of the reconstruction are neither added nor taken away.

    Args:
        events: `pt, eta, phi, class` of 19 objects, GeV and radians.
        scale: The factor, 1.02 for energies that are 2 % too high; one for all events, or one for each, in time order.

    Raises:
        InputError: If events have another shape or are not finite, or a factor is not a positive number, or there is
            not one for each event.
    """
    factors = np.asarray(scale, np.float32)
    if factors.shape not in {(), (len(events),)} or not (np.isfinite(factors) & (factors > 0)).all():
        raise InputError(
            f"Wrong energy scale. Expected: a positive number, or one for each of the {len(events)} events. "
            f"Received: shape {factors.shape}, smallest {factors.min(initial=np.inf):g}."
        )
    moved = checked(events).astype(np.float32)
    moved[..., 0] *= factors[..., np.newaxis]
    return moved
