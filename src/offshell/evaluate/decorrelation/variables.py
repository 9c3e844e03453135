"""What scores can be decorrelated from, in jets and in events."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs import kinematics, substructure

__all__ = ["NAMES", "checked", "variables_of"]

Rows = Float[np.ndarray, "n rows 4"]

_OF_JETS = {"mass": substructure.mass, "pt": substructure.pt}

NAMES = {"jets": tuple(_OF_JETS), "events": kinematics.OBSERVABLES}
"""Of jets the mass and pT in GeV; of events the observables of `offshell.inputs.kinematics`."""


def variables_of(
    events: Rows, names: Sequence[str], *, kind: Literal["jets", "events"]
) -> Float[np.ndarray, "n variables"]:
    """Returns some variables of jets or events, one column for each name.

    Args:
        events: jets `(n, particles, 4)`, `E, px, py, pz` in GeV, or events `(n, 19, 4)`, `pt, eta, phi, class`.
        names: out of `NAMES[kind]`.
        kind: of the events.

    Raises:
        InputError: if there is no variable of a name, or the events have another shape.
    """
    if unknown := [name for name in names if name not in NAMES[kind]]:
        raise InputError(
            f"Unknown variable of {kind}. Expected: one of {', '.join(NAMES[kind])}. Received: {', '.join(unknown)}."
        )
    if kind == "jets":
        return np.stack([_OF_JETS[name](events) for name in names], axis=1)
    known = kinematics.observables(events)
    return np.stack([known[name] for name in names], axis=1)


def checked(
    variables: Float[np.ndarray, " n"] | Float[np.ndarray, "n variables"], n_events: int
) -> Float[np.ndarray, "n variables"]:
    """Returns variables as columns of float64.

    Args:
        variables: of each event one number, or one for each variable.
        n_events: how many events there have to be.

    Raises:
        InputError: if there are others than that, or some are not finite.
    """
    values = np.asarray(variables, np.float64)
    columns = values[:, None] if values.ndim == 1 else values
    if columns.ndim != 2 or len(columns) != n_events or not np.isfinite(columns).all():  # noqa: PLR2004 - events and variables
        raise InputError(
            f"Wrong variables. Expected: finite numbers, ({n_events},) or ({n_events}, variables). "
            f"Received: shape {values.shape}, {np.count_nonzero(~np.isfinite(values))} not finite."
        )
    return columns
