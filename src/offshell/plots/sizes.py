"""Figures of how small a detector became, what its firmware takes, and where its numbers saturate."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, NullLocator, StrMethodFormatter

from offshell.style import BACKGROUND_COLOR, SIGNAL_COLORS, styled

__all__ = ["FrontPoint", "front", "luts", "shares"]

_INCHES_PER_BAR = 0.24
_BRIGHT = 0.5


class FrontPoint(TypedDict):
    """A network on the way of learned bit widths; `ebops` are those that training counts."""

    epoch: int
    beta: float
    ebops: int
    val_loss: float


@styled
def front(points: Sequence[FrontPoint], *, chosen: int | None) -> Figure:
    """Draws the validation loss of networks against their EBOPs; a disk marks the one that was taken.

    Args:
        points: Networks that no other one beats in both.
        chosen: The epoch of the one that was taken, if any.

    Returns:
        A figure with one pair of axes.
    """
    figure = Figure(figsize=(4.8, 3.6), layout="constrained")
    axes = figure.add_subplot()
    ebops, losses = ([point[key] for point in points] for key in ("ebops", "val_loss"))
    axes.plot(ebops, losses, ".-", color=BACKGROUND_COLOR, lw=1, label="best network of its size")
    for point in points:
        if point["epoch"] == chosen:
            axes.plot(
                point["ebops"], point["val_loss"], "o", color=SIGNAL_COLORS[0], ms=8, label="the one taken"
            )
    axes.set(xscale="log", xlabel="EBOPs", ylabel="Validation loss")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@styled
def luts(counts: Mapping[str, Mapping[str, float]]) -> Figure:
    """Draws numbers of LUTs as bars, the first part at the top.

    Args:
        counts: `{what counted: {part: LUTs}}`, the same parts each.

    Returns:
        A figure with one pair of axes.
    """
    parts = list(next(iter(counts.values())))
    figure = Figure(
        figsize=(4.8, 0.9 + _INCHES_PER_BAR * len(parts) * (len(counts) + 0.6)), layout="constrained"
    )
    axes = figure.add_subplot()
    height = 0.8 / len(counts)
    for row, (name, by_part) in enumerate(counts.items()):
        places = np.arange(len(parts)) + height * (row - (len(counts) - 1) / 2)
        color = (SIGNAL_COLORS[2], BACKGROUND_COLOR)[row]
        bars = axes.barh(places, [by_part[part] for part in parts], height, color=color, label=name)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
    axes.set_yticks(range(len(parts)), parts)
    axes.set(xlabel="LUTs", ylim=(len(parts) - 0.5, -0.5))
    axes.margins(x=0.15)
    axes.tick_params(axis="y", which="both", length=0)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    figure.legend(loc="outside upper center", ncols=len(counts))
    return figure


@styled
def shares(
    table: Float[np.ndarray, "rows columns"], *, rows: Sequence[str], columns: Sequence[str]
) -> Figure:
    """Draws shares between 0 and 1 as a colored table of percentages.

    Args:
        table: The shares.
        rows: Their names, from above.
        columns: Their names.

    Returns:
        A figure with one pair of axes.
    """
    size = (1.4 + 0.62 * len(columns), 0.9 + 0.3 * len(rows))
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(table, vmin=0, vmax=1, aspect="auto", cmap="viridis")
    for (row, column), share in np.ndenumerate(table):
        color = "black" if share > _BRIGHT else "white"
        axes.text(column, row, _percent(share), ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(columns)), columns, rotation=35, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(which="both", length=0, labeltop=True, labelbottom=False)
    axes.minorticks_off()
    return figure


def _percent(share: float) -> str:
    """Two digits, and all three of a hundred."""
    percent = 100 * share
    return f"{percent:.2g}" if round(percent) < 100 else "100"  # noqa: PLR2004 - a hundred percent
