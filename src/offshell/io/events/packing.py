"""Events with any number of objects become events of 19 rows."""

from collections.abc import Mapping

import awkward as ak
import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs.objects import CLASSES, KINDS, N_OBJECTS
from offshell.io.events.source import Events

__all__ = ["Momenta", "packed"]

Momenta = tuple[ak.Array, ak.Array, ak.Array]
"""Lists of pt, eta and phi of the objects of one kind, one list of any length for each event."""


def packed(objects: Mapping[str, Momenta], *, source: str) -> Events:
    """Returns the objects of highest pt of each kind as (n, 19, 4) float32, zero-padded.

    Args:
        objects: pt, eta and phi of "met", "electrons", "muons" and "jets".
        source: What an error names, for example the file.

    Raises:
        InputError: If pt, eta and phi are not equally many, or a number is NaN or infinite, also one of an object that
            is not among those of highest pt.
    """
    n_events = len(objects["met"][0])
    events = np.zeros((n_events, N_OBJECTS, 4), np.float32)
    for kind, momenta in objects.items():
        _refuse_unequal(kind, momenta, source)
        events[:, KINDS[kind]] = _leading(momenta, CLASSES[kind], KINDS[kind].stop - KINDS[kind].start)
    return events


def _refuse_unequal(kind: str, momenta: Momenta, source: str) -> None:
    lengths = [ak.to_numpy(ak.num(values, axis=1)) for values in momenta]
    if not all(np.array_equal(lengths[0], other) for other in lengths[1:]):
        raise InputError(
            f"{source}: damaged {kind}. Expected: as many pt as eta and phi in each event. Received: unequal numbers."
        )
    flat = [np.asarray(ak.to_numpy(ak.flatten(values)), np.float64) for values in momenta]
    if not all(np.isfinite(values).all() for values in flat):
        raise InputError(
            f"{source}: not a number. Expected: finite pt, eta, phi. Received: NaN or inf among the {kind}."
        )


def _leading(momenta: Momenta, kind: int, n_rows: int) -> Float[np.ndarray, "n rows 4"]:
    order = ak.argsort(momenta[0], axis=1, ascending=False)[:, :n_rows]
    columns = [_padded(values[order], n_rows) for values in momenta]
    present = np.arange(n_rows) < ak.to_numpy(ak.num(order))[:, np.newaxis]
    return np.stack([*columns, np.where(present, kind, 0)], axis=-1)


def _padded(values: ak.Array, n_rows: int) -> Float[np.ndarray, "n rows"]:
    rows: Float[np.ndarray, "n rows"] = ak.to_numpy(
        ak.fill_none(ak.pad_none(values, n_rows, axis=1, clip=True), 0)
    )
    return rows
