"""Which events a training learns from, which ones validate it, and in which order they come."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError

__all__ = ["Split", "checked", "checked_groups", "n_steps", "orders", "split"]

Events = Float[np.ndarray, "n ..."]


class Split(NamedTuple):
    """Rows of the events for training, and rows of the validation events."""

    train: Integer[np.ndarray, " n_train"]
    valid: Integer[np.ndarray, " n_valid"]


def checked(x: Events) -> Events:
    """Events as float32.

    Raises:
        InputError: if some are NaN or infinite.
    """
    x = np.asarray(x, np.float32)
    if not np.isfinite(x).all():
        n_bad = int((~np.isfinite(x.reshape(len(x), -1)).all(axis=1)).sum())
        raise InputError(
            f"x has events that are not finite. Expected: finite numbers. Received: {n_bad} of {len(x)} events with NaN or infinity."
        )
    return x


def split(
    n_events: int,
    validation: float | Events,
    *,
    seed: int,
    groups: Integer[np.ndarray, " n"] | None = None,
) -> Split:
    """Sets a fraction of the events aside at random, or none if there are events for validation.

    With groups, all events of a parent come to the same side: whole parents are set aside until there are enough events.

    Raises:
        InputError: if the fraction is none, one of both parts would be empty, or groups are not one integer for each event.
    """
    if isinstance(validation, np.ndarray):
        parts = Split(np.arange(n_events), np.arange(len(validation)))
    else:
        parts = _cut(n_events, validation, seed)
        parts = parts if groups is None else _by_parent(parts, checked_groups(groups, n_events, "x"))
    if not len(parts.train) or not len(parts.valid):
        raise InputError(
            "Too few events to train. Expected: at least one for training and one for validation. "
            f"Received: {len(parts.train)} and {len(parts.valid)}."
        )
    return parts


def orders(
    rows: Integer[np.ndarray, " n_train"], batch_size: int, *, seed: int
) -> Iterator[Integer[np.ndarray, "steps batch"]]:
    """Batches of rows, shuffled anew for each epoch; the remainder that fills no batch is left out."""
    rng, batch = np.random.default_rng((seed, 1)), min(batch_size, len(rows))
    while True:
        shuffled = rows[rng.permutation(len(rows))]
        yield shuffled[: len(rows) - len(rows) % batch].reshape(-1, batch)


def n_steps(n_events: int, batch_size: int) -> int:
    """Batches in an epoch."""
    return n_events // min(batch_size, n_events)


def _cut(n_events: int, fraction: float, seed: int) -> Split:
    if not 0 < fraction < 1:
        raise InputError(
            f"validation is no fraction. Expected: a number between 0 and 1, or events. Received: {fraction}."
        )
    order, n_valid = np.random.default_rng(seed).permutation(n_events), round(fraction * n_events)
    return Split(order[n_valid:], order[:n_valid])


def checked_groups(groups: Integer[np.ndarray, " n"], n_events: int, name: str) -> Integer[np.ndarray, " n"]:
    """Groups of events that an error calls by this name, as an array.

    Raises:
        InputError: if they are not one integer for each event.
    """
    numbers = np.asarray(groups)
    if numbers.shape != (n_events,) or numbers.dtype.kind not in "iu":
        raise InputError(
            f"Wrong groups of {name}. Expected: integers of shape ({n_events},). "
            f"Received: {numbers.dtype} of shape {numbers.shape}."
        )
    return numbers


def _by_parent(parts: Split, groups: Integer[np.ndarray, " n"]) -> Split:
    """The parents of the shuffled validation events bring all their events, until there are as many as before."""
    order = np.concatenate([parts.valid, parts.train])
    _, first, number = np.unique(groups[order], return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))[number]
    by_parent = order[np.argsort(rank, kind="stable")]
    ends = np.cumsum(np.bincount(rank))
    n_valid = ends[np.searchsorted(ends, len(parts.valid))]
    return Split(by_parent[n_valid:], by_parent[:n_valid])
