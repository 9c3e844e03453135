"""Check events on the way in and bring them to the one form that the rest of the package relies on."""

import numpy as np
from jaxtyping import Bool

from offshell.errors import InputError
from offshell.inputs.objects import CLASSES, KINDS, MET, N_OBJECTS
from offshell.io.events.source import Events

__all__ = ["checked_events", "impossible"]

_HIGHEST_PT = 14_000.0  # GeV; twice what an object can have at the LHC, far below what is given in MeV
_HIGHEST_ETA = 6.0  # calorimeters end at 5.2
_ROUNDING = 1e-5  # radians; pi is not exact in float32

_CLASS_OF_ROW = np.concatenate(
    [np.full(rows.stop - rows.start, CLASSES[kind]) for kind, rows in KINDS.items()]
)


def checked_events(events: Events, *, source: str, first: int = 0) -> Events:
    """Returns events as float32 with the objects of each kind ordered by falling pt and padding all zero.

    phi is brought to [-pi, pi]; files that count it from 0 to 2 pi are read too. MET has eta 0, whatever a file says. An object
    without pt becomes padding: jets that were cut away beyond eta 4 when ADC2021 was made have pt 0 but keep their class. An
    event without any object is kept, because a trigger sees such events too; its MET of 0 gets the class of MET.

    Args:
        events: `pt, eta, phi, class` of 19 objects.
        source: What an error names, for example the file.
        first: Number of the first of these events in its file.

    Raises:
        InputError: If a number is NaN or infinite, a class is not that of its row, pt is negative or looks like MeV,
            or eta or phi is out of range. The first such object is named; units are spoken of where most events agree.
    """
    with np.errstate(over="ignore"):  # what is too large for float32 becomes inf, which is refused
        events = np.asarray(events, dtype=np.float32)
    _refuse_impossible_classes(events, source, first)
    _refuse_impossible_numbers(events, source, first)
    return _ordered(_without_padding(events))


def impossible(events: Events) -> Bool[np.ndarray, " n"]:
    """Which events hold an object that cannot be, for which `checked_events` refuses them.

    Args:
        events: `pt, eta, phi, class` of 19 objects.
    """
    objects = [_of_wrong_class(events), *(wrong for wrong, _, _ in _impossible_objects(events))]
    bad: Bool[np.ndarray, " n"] = np.any(objects, axis=(0, 2))
    return bad


def _impossible_objects(events: Events) -> list[tuple[Bool[np.ndarray, "n 19"], str, str]]:
    """Which objects cannot be, what is expected of them, and which units would explain it."""
    pt, eta, phi, _ = np.moveaxis(events, -1, 0)
    with np.errstate(invalid="ignore"):
        turned = (phi < -np.pi - _ROUNDING) | (phi > 2 * np.pi + _ROUNDING)
        tilted = np.abs(eta) > _HIGHEST_ETA
        tilted[:, MET] = False
        return [
            (~np.isfinite(events[..., :3]).all(axis=-1), "finite pt, eta, phi", ""),
            (pt < 0, "pt >= 0", ""),
            (pt > _HIGHEST_PT, f"GeV, pt below {_HIGHEST_PT:g}", "perhaps MeV"),
            (tilted, f"|eta| of at most {_HIGHEST_ETA:g}", "perhaps hardware units"),
            (turned, "phi in radians from -pi to pi or from 0 to 2 pi", "perhaps degrees or hardware units"),
        ]


def _refuse_impossible_numbers(events: Events, source: str, first: int) -> None:
    for wrong, expected, units in _impossible_objects(events):
        if wrong.any():
            raise InputError(_refusal(events, wrong, source, first, expected=expected, units=units))


def _refusal(
    events: Events, wrong: Bool[np.ndarray, "n 19"], source: str, first: int, *, expected: str, units: str
) -> str:
    event, row = np.argwhere(wrong)[0]
    n_wrong = int(wrong.any(axis=1).sum())
    pt, eta, phi, _ = events[event, row]
    hint = f", {units}" if units and n_wrong > len(events) / 2 else ""
    return (
        f"{source}: impossible numbers in {n_wrong} of {len(events)} events{hint}. Expected: {expected}. "
        f"Received: event {first + event}, {_object_in(row)} with pt={pt:g}, eta={eta:g}, phi={phi:g}."
    )


def _object_in(row: int) -> str:
    """What an object is called, such as `jet 0` or `MET`."""
    kind, rows = next((kind, rows) for kind, rows in KINDS.items() if rows.start <= row < rows.stop)
    return "MET" if kind == "met" else f"{kind.removesuffix('s')} {row - rows.start}"


def _refuse_impossible_classes(events: Events, source: str, first: int) -> None:
    kind, pt = events[..., 3], events[..., 0]
    wrong = _of_wrong_class(events)
    if wrong.any():
        event, row = np.argwhere(wrong)[0]
        raise InputError(
            f"{source}: wrong class of an object. Expected: {_CLASS_OF_ROW[row]} in row {row}, 0 for padding, columns "
            f"pt, eta, phi, class. Received: {kind[event, row]:g} with pt={pt[event, row]:g} in event {first + event}."
        )


def _of_wrong_class(events: Events) -> Bool[np.ndarray, "n 19"]:
    kind, pt = events[..., 3], events[..., 0]
    wrong: Bool[np.ndarray, "n 19"] = (kind != _CLASS_OF_ROW) & ((pt > 0) | (kind != 0))
    return wrong


def _without_padding(events: Events) -> Events:
    pt, eta, phi, _ = np.moveaxis(events, -1, 0)
    turned = np.where(phi > np.pi + _ROUNDING, phi - np.float32(2 * np.pi), phi)
    present = pt > 0
    present[:, MET] = True
    eta = np.where(np.arange(N_OBJECTS) < MET.stop, 0, eta)
    objects = [pt, eta, turned, np.broadcast_to(_CLASS_OF_ROW, pt.shape)]
    return np.where(present[..., np.newaxis], np.stack(objects, axis=-1), 0).astype(np.float32)


def _ordered(events: Events) -> Events:
    """Orders the objects of each kind in place; most files hold them in order, so only the other events are touched."""
    for rows in KINDS.values():
        pt = events[:, rows, 0]
        unordered = np.flatnonzero((pt[:, 1:] > pt[:, :-1]).any(axis=1))
        order = np.argsort(-pt[unordered], axis=1, kind="stable")
        events[unordered, rows] = np.take_along_axis(events[unordered, rows], order[..., np.newaxis], axis=1)
    return events
