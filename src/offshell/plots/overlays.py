"""The figure that lays the distributions of one sample over those of another, with their ratio below."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from offshell.style import BACKGROUND_COLOR, SIGNAL_COLORS, styled

__all__ = ["overlays"]

_N_COLUMNS = 3
_N_BINS = 40
_PANEL = (2.6, 2.5)  # inches
_RATIO_LIMITS = (0, 2)
_GENERATED_COLOR = SIGNAL_COLORS[0]


@styled
def overlays(
    real: Mapping[str, Float[np.ndarray, " n"]],
    generated: Mapping[str, Float[np.ndarray, " m"]],
    *,
    names: tuple[str, str] = ("real", "generated"),
) -> Figure:
    """Draws the distribution of each quantity in both samples, and generated over real below it.

    The axes reach from the 0.1st to the 99.9th percentile of the real sample; the outermost bins hold all that lies
    beyond. Bars and bands are the square root of the counts.

    Args:
        real: Numbers by the name of the quantity, `{label: (n,)}`; whole numbers get a bin each.
        generated: The same of the generated sample.
        names: What the legend calls the two samples.

    Returns:
        A figure with two pairs of axes for each quantity.
    """
    n_rows = -(-len(real) // _N_COLUMNS)
    size = (_PANEL[0] * _N_COLUMNS, _PANEL[1] * n_rows + 0.3)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(2 * n_rows, _N_COLUMNS, squeeze=False, height_ratios=[2.5, 1] * n_rows)
    for i, label in enumerate(real):
        row, column = divmod(i, _N_COLUMNS)
        shares, ratio = grid[2 * row : 2 * row + 2, column]
        _compare(shares, ratio, real[label], generated[label], names=names)
        ratio.set_xlabel(label)
    for axes in grid.reshape(n_rows, 2, _N_COLUMNS).swapaxes(1, 2).reshape(-1, 2)[len(real) :].flat:
        axes.set_visible(False)
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _compare(
    shares: Axes,
    ratio: Axes,
    real: Float[np.ndarray, " n"],
    generated: Float[np.ndarray, " m"],
    *,
    names: tuple[str, str],
) -> None:
    edges = _edges(real)
    (true, true_error), (made, made_error) = (_histogram(x, edges) for x in (real, generated))
    shares.stairs(true, edges, label=names[0], color=BACKGROUND_COLOR, fill=True, alpha=0.45, lw=0)
    shares.stairs(made, edges, label=names[1], color=_GENERATED_COLOR)
    shares.set(yscale="log", xlim=(edges[0], edges[-1]), ylabel="Share")
    shares.tick_params(labelbottom=False)
    seen = true > 0
    band = np.divide(true_error, true, out=np.zeros_like(true), where=seen)
    ratio.stairs(1 + band, edges, baseline=1 - band, color=BACKGROUND_COLOR, fill=True, alpha=0.45, lw=0)
    centers = (edges[1:] + edges[:-1])[seen] / 2
    shares_made, errors = made[seen] / true[seen], made_error[seen] / true[seen]
    ratio.errorbar(centers, shares_made, errors, fmt=".", ms=3, lw=1, color=_GENERATED_COLOR)
    ratio.axhline(1, color="black", lw=0.6)
    ratio.set(xlim=(edges[0], edges[-1]), ylim=_RATIO_LIMITS, ylabel="Ratio")


def _edges(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " edges"]:
    low, high = np.quantile(values, [0.001, 0.999])
    if low == high or np.array_equal(values, np.round(values)):
        return np.arange(low, high + 2) - 0.5
    return np.linspace(low, high, _N_BINS + 1)


def _histogram(
    values: Float[np.ndarray, " n"], edges: Float[np.ndarray, " edges"]
) -> tuple[Float[np.ndarray, " bins"], Float[np.ndarray, " bins"]]:
    """The share of the numbers in each bin, and its error."""
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    return counts / len(values), np.sqrt(counts) / len(values)
