"""A rate monitor: scores in time order in, the rate of each lumi block, drift alarms and an adaptive threshold out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from offshell.errors import InputError
from offshell.evaluate.rates.thresholds import threshold_at_rate
from offshell.evaluate.separation.intervals import binomial_interval
from offshell.evaluate.separation.ranking import checked_scores
from offshell.monitor.adaptive import AdaptiveThreshold
from offshell.monitor.charts import Chart, limit_for
from offshell.monitor.drift import CHARTS, Reference
from offshell.settings.rates import INPUT_RATE_HZ

__all__ = ["Block", "BlockStatus", "Rate", "blocks_of", "watch"]

Scores = Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Block:
    """The scores of one lumi block.

    Attributes:
        run: Number of the run.
        lumi: Number of the lumi block in the run.
        scores: Scores of all events that were seen, (n,), or of a random part of them.
    """

    run: int
    lumi: int
    scores: Scores


@dataclass(frozen=True)
class Rate:
    """The rate above a threshold in one block.

    Attributes:
        threshold: An event passes when its score is above (not at) this.
        n_passed: Events of the block that passed.
        rate_hz: Their rate [Hz].
        low: Lower bound of its 95 % interval (exact binomial) [Hz].
        high: Upper bound [Hz].
    """

    threshold: float
    n_passed: int
    rate_hz: float
    low: float
    high: float


@dataclass(frozen=True)
class BlockStatus:
    """What the monitor says of one block.

    Attributes:
        run: Number of the run.
        lumi: Number of the lumi block in the run.
        n_events: Events in the block.
        fixed: Rate above the threshold that the reference gives.
        adaptive: Rate above the threshold that the blocks before this one give.
        rate_p_value: Of the fixed rate against that of the reference.
        shape_p_value: Of the distribution of the scores against that of the reference (Kolmogorov-Smirnov, two samples).
        alarms: For each alarm, "rate up", "rate down" or "shape", the run and lumi block where it seems to begin.
    """

    run: int
    lumi: int
    n_events: int
    fixed: Rate
    adaptive: Rate
    rate_p_value: float
    shape_p_value: float
    alarms: dict[str, tuple[int, int]]


def blocks_of(
    scores: Scores, run: Integer[np.ndarray, " n"], lumi: Integer[np.ndarray, " n"]
) -> Iterator[Block]:
    """Yields the lumi blocks of events in time order, whatever the order of the events.

    Files of many sources, such as NanoAOD, do not keep the order in which events were taken.

    Args:
        scores: Scores, (n,).
        run: Number of the run of each event.
        lumi: Number of the lumi block of each event.

    Raises:
        InputError: If arrays differ in length, are empty, or run or lumi are not integers.
    """
    values, keys = checked_scores(scores, "scores"), np.stack(_checked_keys(len(scores), run=run, lumi=lumi))
    blocks, block_of_event = np.unique(keys, axis=1, return_inverse=True)
    grouped, n_events = np.argsort(block_of_event, kind="stable"), np.bincount(block_of_event)
    parts = np.split(values[grouped], np.cumsum(n_events)[:-1])
    for (block_run, block_lumi), part in zip(blocks.T.tolist(), parts, strict=True):
        yield Block(block_run, block_lumi, part)


def watch(
    blocks: Iterable[Block],
    reference: Scores,
    *,
    rate_hz: float,
    input_rate_hz: float = INPUT_RATE_HZ,
    blocks_per_false_alarm: float = 10_000,
) -> Iterator[BlockStatus]:
    """Yields the status of each block as soon as the block is there; works on a file and on a live feed alike.

    Three control charts (see `Chart`) add up the evidence that the rate rose, that it fell, and that the distribution of
    scores changed. An alarm names the block where the drift seems to begin, which is before the one that raised it.

    Args:
        blocks: Lumi blocks in time order; what is not yet there is waited for.
        reference: Scores of good background events in random order, such as an earlier run.
        rate_hz: Rate to hold [Hz].
        input_rate_hz: Rate of all events whose scores are given [Hz].
        blocks_per_false_alarm: Mean number of blocks to a false alarm, at least.

    Yields:
        One status for each block.

    Raises:
        InputError: If scores are empty or not finite, the rate is impossible, or the reference has too few events.
    """
    fixed = threshold_at_rate(reference, rate_hz=rate_hz, input_rate_hz=input_rate_hz).threshold
    adaptive = AdaptiveThreshold(reference, rate_hz=rate_hz, input_rate_hz=input_rate_hz)
    tests = Reference(reference, threshold=fixed)
    charts = {name: Chart(limit_for(blocks_per_false_alarm, n_charts=len(CHARTS))) for name in CHARTS}
    for block in blocks:
        scores = checked_scores(block.scores, f"run {block.run}, lumi block {block.lumi}")
        comparison = tests.compare(scores)
        for name, chart in charts.items():
            chart.add(comparison.log_evidence[name], block=(block.run, block.lumi))
        yield BlockStatus(
            run=block.run,
            lumi=block.lumi,
            n_events=len(scores),
            fixed=_rate(scores, fixed, input_rate_hz),
            adaptive=_rate(scores, adaptive.threshold, input_rate_hz),
            rate_p_value=comparison.rate_p_value,
            shape_p_value=comparison.shape_p_value,
            alarms={name: chart.since for name, chart in charts.items() if chart.alarm and chart.since},
        )
        adaptive.update(scores)


def _rate(scores: Scores, threshold: float, input_rate_hz: float) -> Rate:
    n_passed = int((scores > threshold).sum())
    low, high = binomial_interval(n_passed, len(scores))
    rate_hz = n_passed / len(scores) * input_rate_hz
    return Rate(threshold, n_passed, rate_hz, float(low) * input_rate_hz, float(high) * input_rate_hz)


def _checked_keys(n_events: int, **keys: Integer[np.ndarray, " n"]) -> list[Integer[np.ndarray, " n"]]:
    arrays = {name: np.asarray(values) for name, values in keys.items()}
    for name, values in arrays.items():
        if values.shape != (n_events,) or values.dtype.kind not in "iu":
            raise InputError(
                f"Wrong {name}. Expected: integers of shape ({n_events},). Received: {values.dtype} of shape {values.shape}."
            )
    return [values.astype(np.int64) for values in arrays.values()]
