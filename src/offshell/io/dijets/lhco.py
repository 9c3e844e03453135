"""Files of the LHC Olympics 2020 (G. Kasieczka, B. Nachman, D. Shih et al., arXiv:2101.08320): all particles of each event."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from offshell.errors import InputError
from offshell.inputs.dijets import UNKNOWN, Dijets, constituents_of, two_hardest
from offshell.inputs.momenta import dijet_mass
from offshell.io.pandas_store import pandas_store
from offshell.io.rows import refuse_empty
from offshell.io.store import N_CONSTITUENTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lhco_dijets", "lhco_four_momenta"]

_FEATURES = 3
_HIGHEST_PT = 14_000.0  # GeV; twice what the LHC can give
_EVENTS_AT_ONCE = 2000  # 34 MB


def lhco_dijets(path: Path, *, start: int, stop: int | None, radius: float) -> Iterator[Dijets]:
    """Yields the pairs of jets of the events from `start` to `stop`, clustered part by part.

    The files are pandas frames: `pt, eta, phi` of up to 700 massless particles in any order, zero-padded, and a last
    column that is 1 for signal, which black boxes lack.

    Raises:
        InputError: If the file is damaged, empty, or holds something else.
        MissingDependencyError: If pandas or PyTables is not installed.
    """
    with pandas_store(path) as store:
        key = _only_key(path, store)
        n_events, n_columns = store.get_storer(key).shape
        refuse_empty(path, n_events, unit="events")
        _refuse_other_columns(path, n_columns)
        end = n_events if stop is None else min(stop, n_events)
        for first in range(start, end, _EVENTS_AT_ONCE):
            frame = store.select(key, start=first, stop=min(first + _EVENTS_AT_ONCE, end))
            yield _clustered(path, np.asarray(frame, dtype=np.float64), radius)


def lhco_four_momenta(
    particles: Float[np.ndarray, "n particles 3"],
) -> Float[np.ndarray, "n particles 4"]:
    """`E, px, py, pz` in GeV of massless particles, from `pt, eta, phi`; zeros stay zero."""
    pt, eta, phi = np.moveaxis(particles, -1, 0)
    return np.stack([pt * np.cosh(eta), pt * np.cos(phi), pt * np.sin(phi), pt * np.sinh(eta)], axis=-1)


def _clustered(path: Path, rows: Float[np.ndarray, "n columns"], radius: float) -> Dijets:
    n_particles, has_label = divmod(rows.shape[1], _FEATURES)
    particles = rows[:, : _FEATURES * n_particles].reshape(len(rows), n_particles, _FEATURES)
    _refuse_impossible(path, particles)
    present = particles[..., 0] > 0
    momentum = lhco_four_momenta(particles[present])
    pairs = two_hardest(momentum, present.sum(axis=1), radius=radius)
    label = rows[:, -1] if has_label else np.full(len(rows), UNKNOWN)
    n_events = len(pairs.event)
    return Dijets(
        constituents_of(pairs, momentum, n_particles=N_CONSTITUENTS),
        pairs.momentum.astype(np.float32),
        dijet_mass(pairs.momentum).astype(np.float32),
        np.full(n_events, np.nan, np.float32),
        np.ones(n_events, np.float32),
        label[pairs.event].astype(np.int8),
    )


def _only_key(path: Path, store: "pd.HDFStore") -> str:
    keys = store.keys()
    if len(keys) != 1:
        raise InputError(
            f"{path}: no events of the LHC Olympics. Expected: one frame of pandas. Received: {', '.join(keys) or 'none'}."
        )
    return str(keys[0])


def _refuse_other_columns(path: Path, n_columns: int) -> None:
    if n_columns < _FEATURES or n_columns % _FEATURES > 1:
        raise InputError(
            f"{path}: no events of the LHC Olympics. Expected: pt, eta, phi of each particle, and perhaps a label. "
            f"Received: {n_columns} columns."
        )


def _refuse_impossible(path: Path, particles: Float[np.ndarray, "n particles 3"]) -> None:
    if not np.isfinite(particles).all():
        raise InputError(f"{path}: not a number. Expected: finite pt, eta, phi. Received: NaN or inf.")
    lowest, highest = particles[..., 0].min(), particles[..., 0].max()
    if lowest < 0 or highest > _HIGHEST_PT:
        raise InputError(
            f"{path}: impossible pt. Expected: 0 to {_HIGHEST_PT:g} GeV. Received: {lowest:g} to {highest:g}."
        )
