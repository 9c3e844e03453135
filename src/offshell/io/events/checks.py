"""Check events on the way in and bring them to the one form that the rest of the package relies on."""

import numpy as np

from offshell.errors import InputError
from offshell.inputs.objects import CLASSES, KINDS, MET
from offshell.io.events.source import Events

__all__ = ["checked_events"]

_HIGHEST_PT = 14_000.0  # GeV; twice what an object can have at the LHC, far below what is given in MeV
_HIGHEST_ETA = 6.0  # calorimeters end at 5.2
_ROUNDING = 1e-5  # radians; pi is not exact in float32

_CLASS_OF_ROW = np.concatenate(
    [np.full(rows.stop - rows.start, CLASSES[kind]) for kind, rows in KINDS.items()]
)


def checked_events(events: Events, *, source: str) -> Events:
    """Returns events as float32 with the objects of each kind ordered by falling pt and padding all zero.

    phi is brought to [-pi, pi]; files that count it from 0 to 2 pi are read too. An object without pt becomes
    padding: jets that were cut away beyond eta 4 when ADC2021 was made have pt 0 but keep their class. An event without any object
    is kept, because a trigger sees such events too; its MET of 0 gets the class of MET.

    Args:
        events: `pt, eta, phi, class` of 19 objects.
        source: What an error names, for example the file.

    Raises:
        InputError: If a number is NaN or infinite, a class is not that of its row, pt is negative or looks like MeV,
            or eta or phi is out of range.
    """
    with np.errstate(over="ignore"):  # what is too large for float32 becomes inf, which is refused
        events = np.asarray(events, dtype=np.float32)
    _refuse_impossible_pt(events, source)
    _refuse_impossible_classes(events, source)
    _refuse_impossible_angles(events, source)
    return _ordered(_without_padding(events))


def _refuse_impossible_pt(events: Events, source: str) -> None:
    numbers, pt = events[..., :3], events[..., 0]
    if not np.isfinite(numbers).all():
        bad = int((~np.isfinite(numbers)).sum())
        raise InputError(
            f"{source}: not a number. Expected: finite pt, eta, phi. Received: {bad} numbers that are NaN or inf."
        )
    lowest, highest = pt.min(initial=0), pt.max(initial=0)
    if lowest < 0:
        raise InputError(f"{source}: negative pt. Expected: pt >= 0. Received: pt={lowest:g}.")
    if highest > _HIGHEST_PT:
        raise InputError(
            f"{source}: wrong units. Expected: GeV, pt below {_HIGHEST_PT:g}. Received: pt={highest:g}, perhaps MeV."
        )


def _refuse_impossible_classes(events: Events, source: str) -> None:
    kind, pt = events[..., 3], events[..., 0]
    wrong = np.where(pt > 0, kind != _CLASS_OF_ROW, (kind != 0) & (kind != _CLASS_OF_ROW))
    if wrong.any():
        event, row = np.argwhere(wrong)[0]
        raise InputError(
            f"{source}: wrong class of an object. Expected: {_CLASS_OF_ROW[row]} in row {row}, 0 for padding, columns "
            f"pt, eta, phi, class. Received: {kind[event, row]:g} with pt={pt[event, row]:g}."
        )


def _refuse_impossible_angles(events: Events, source: str) -> None:
    eta, phi = events[..., 1], events[..., 2]
    if (highest := np.abs(eta).max(initial=0)) > _HIGHEST_ETA:
        raise InputError(
            f"{source}: eta out of range. Expected: at most {_HIGHEST_ETA:g}. Received: |eta|={highest:g}, perhaps "
            "hardware units."
        )
    lowest, highest = phi.min(initial=0), phi.max(initial=0)
    if lowest < -np.pi - _ROUNDING or highest > 2 * np.pi + _ROUNDING:
        raise InputError(
            f"{source}: phi out of range. Expected: radians from -pi to pi or from 0 to 2 pi. "
            f"Received: phi from {lowest:g} to {highest:g}."
        )


def _without_padding(events: Events) -> Events:
    pt, eta, phi, _ = np.moveaxis(events, -1, 0)
    turned = np.where(phi > np.pi + _ROUNDING, phi - np.float32(2 * np.pi), phi)
    present = pt > 0
    present[:, MET] = True
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
