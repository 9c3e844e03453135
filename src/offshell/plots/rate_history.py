"""The figure of the rate monitor: the rate of each lumi block over time, and where it drifts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from offshell.monitor.blocks import BlockStatus, Rate
from offshell.style import SCORE_COLORS, SIGNAL_COLORS, styled

__all__ = ["rate_history"]


@styled
def rate_history(statuses: Sequence[BlockStatus], *, rate_hz: float) -> Figure:
    """Draws the rates above the fixed and the adaptive threshold with their intervals, block by block.

    A dashed line marks the rate to hold. Blocks with an alarm are shaded, from where the drift seems to begin.

    Args:
        statuses: What `offshell.monitor.watch` gives, at least one.
        rate_hz: Rate to hold [Hz].

    Returns:
        A figure with one pair of axes.
    """
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, [status.fixed for status in statuses], label="fixed threshold", color=SCORE_COLORS[1])
    _draw(axes, [status.adaptive for status in statuses], label="adaptive threshold", color=SCORE_COLORS[0])
    axes.axhline(rate_hz, color="black", ls="--", lw=1)
    _shade(axes, statuses)
    axes.set(xlabel=_label(statuses), ylabel="Rate [Hz]", xlim=(-0.5, len(statuses) - 0.5), ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=3)
    return figure


def _draw(axes: Axes, rates: Sequence[Rate], *, label: str, color: str) -> None:
    position = np.arange(len(rates))
    axes.plot(position, [rate.rate_hz for rate in rates], ".-", color=color, lw=0.8, ms=3, label=label)
    low, high = [rate.low for rate in rates], [rate.high for rate in rates]
    axes.fill_between(position, low, high, color=color, alpha=0.2, lw=0)


def _shade(axes: Axes, statuses: Sequence[BlockStatus]) -> None:
    drifting = np.zeros(len(statuses), bool)
    positions = {(status.run, status.lumi): i for i, status in enumerate(statuses)}
    for i, status in enumerate(statuses):
        for since in status.alarms.values():
            drifting[positions[since] : i + 1] = True
    edges = np.flatnonzero(np.diff(drifting, prepend=False, append=False)).reshape(-1, 2)
    for i, (start, stop) in enumerate(edges):
        label = "drift alarm" if i == 0 else None
        axes.axvspan(start - 0.5, stop - 0.5, color=SIGNAL_COLORS[4], alpha=0.2, lw=0, label=label)


def _label(statuses: Sequence[BlockStatus]) -> str:
    first, last = statuses[0], statuses[-1]
    return f"Lumi block, from run {first.run}:{first.lumi} to {last.run}:{last.lumi}"
