"""The rate monitor for files of scores, and its findings as a table."""

from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float, Integer
from rich import box
from rich.table import Table
from rich.text import Text

from offshell.errors import InputError
from offshell.io.absent import refuse_absent
from offshell.io.hdf5 import opened
from offshell.models.terms import weighted_sum
from offshell.monitor.blocks import BlockStatus, Rate, blocks_of, watch
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["monitor_file", "reference_scores", "rich_monitor", "share_within"]

_KEYS = ("run", "lumi")
_TOLERANCE = 0.25


def monitor_file(
    path: str | Path,
    reference: str | Path,
    *,
    score: str,
    rate_hz: float,
    input_rate_hz: float = INPUT_RATE_HZ,
) -> list[BlockStatus]:
    """Returns the status of each lumi block in a file of scores.

    Args:
        path: HDF5 file with one data set for each score, as `offshell score` writes it, and two of integers, `run` and
            `lumi`, (n,) each, events in time order.
        reference: HDF5 file with the scores of good background events in random order.
        score: The score to watch, or a weighted sum of those in the files.
        rate_hz: Rate to hold [Hz].
        input_rate_hz: Rate of all events whose scores are given [Hz].

    Raises:
        InputError: If a file is missing, damaged or lacks a data set, or for what `blocks_of` and `watch` refuse.
    """
    ordinary = reference_scores(reference, score=score)
    with opened(Path(path), content="scores") as file:
        run, lumi = (_keys(file, key) for key in _KEYS)
        blocks = blocks_of(_score(file, score), run, lumi)
    return list(watch(blocks, ordinary, rate_hz=rate_hz, input_rate_hz=input_rate_hz))


def reference_scores(path: str | Path, *, score: str) -> Float[np.ndarray, " n"]:
    """Returns a score of the events of a file.

    Args:
        path: HDF5 file with one data set for each score.
        score: One of them, or a weighted sum.

    Raises:
        InputError: If the file is missing, damaged or lacks a data set.
    """
    with opened(Path(path), content="scores") as file:
        return _score(file, score)


def share_within(rates: Sequence[Rate], *, rate_hz: float) -> float:
    """Returns the share of blocks whose rate is within a quarter of the one to hold.

    Args:
        rates: One rate for each block, at least one.
        rate_hz: Rate to hold [Hz].
    """
    return float(np.mean([abs(rate.rate_hz / rate_hz - 1) <= _TOLERANCE for rate in rates]))


def rich_monitor(statuses: Sequence[BlockStatus], *, rate_hz: float) -> Table:
    """Returns the terminal table: a row for each alarm, how well the rate was held below.

    Args:
        statuses: What `watch` or `monitor_file` gives, at least one.
        rate_hz: Rate to hold [Hz].
    """
    table = Table(title=Text("Drift alarms", "bold"), box=box.SIMPLE_HEAD)
    table.caption_justify = "left"
    for heading in ("drift", "begins at\nrun:lumi", "alarm at\nrun:lumi", "ends at\nrun:lumi"):
        table.add_column(heading)
    for row in _episodes(statuses):
        table.add_row(*row)
    held = (
        share_within([getattr(status, kind) for status in statuses], rate_hz=rate_hz)
        for kind in ("fixed", "adaptive")
    )
    fixed, adaptive = (f"{100 * share:.0f} %" for share in held)
    table.caption = (
        f"{len(statuses)} lumi blocks; {rate_hz:g} Hz held within 25 % in {fixed} of them by the fixed threshold, "
        f"in {adaptive} by the adaptive one."
    )
    return table


def _episodes(statuses: Sequence[BlockStatus]) -> list[tuple[str, str, str, str]]:
    """Each alarm once: what drifts, where that seems to begin, where the alarm was raised, where it ended."""
    open_alarms: dict[str, tuple[str, str]] = {}
    episodes: list[tuple[str, str, str, str]] = []
    for status in statuses:
        here = f"{status.run}:{status.lumi}"
        ended = sorted(open_alarms.keys() - status.alarms.keys())
        episodes.extend((drift, *open_alarms.pop(drift), here) for drift in ended)
        for drift, (run, lumi) in status.alarms.items():
            open_alarms.setdefault(drift, (f"{run}:{lumi}", here))
    return [*episodes, *((drift, *at, "–") for drift, at in open_alarms.items())]


def _score(file: h5py.File, expression: str) -> Float[np.ndarray, " n"]:
    names = [name for name in file if name not in _KEYS]
    if expression in names:
        return _values(file, expression)
    used = weighted_sum.parse(expression)
    if missing := [name for name in used if name not in names]:
        raise InputError(
            f"{file.filename}: no score {', '.join(missing)}. Expected: some of {', '.join(names)}. "
            f"Received: score={expression!r}."
        )
    values = {name: _values(file, name) for name in used}
    lengths = {name: len(of) for name, of in values.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            f"{file.filename}: scores of different events. Expected: one length. Received: {lengths}."
        )
    return np.asarray(weighted_sum.evaluate(expression, values))


def _keys(file: h5py.File, name: str) -> Integer[np.ndarray, " n"]:
    if name not in file:
        raise InputError(
            f"{file.filename}: no times. Expected: data sets {' and '.join(_KEYS)}. Received: {', '.join(file)}."
        )
    return _values(file, name)


def _values(file: h5py.File, name: str) -> np.ndarray:
    if not isinstance(file[name], h5py.Dataset):
        raise InputError(
            f"{file.filename}: {name} holds no numbers. Expected: a data set. Received: a group."
        )
    refuse_absent(Path(file.filename), file[name])
    values = np.asarray(file[name][()])
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        raise InputError(
            f"{file.filename}: {name} holds no numbers. Expected: shape (n,). Received: {values.dtype} of shape {values.shape}."
        )
    return values
