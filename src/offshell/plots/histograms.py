"""How often each value of a score or of another quantity occurs."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from offshell.plots.axes import legend_of_samples, single_axes
from offshell.style import BACKGROUND_COLOR, sample_colors, styled

__all__ = ["distribution"]

_N_BINS = 50


@styled
def distribution(
    scores: Mapping[str, Float[np.ndarray, " n"]],
    *,
    name: str,
    threshold: float | None = None,
    weights: Mapping[str, Float[np.ndarray, " n"]] | None = None,
) -> Figure:
    """Draws how a score is distributed in each sample; the outermost bins hold all that lies beyond.

    Args:
        scores: One number for each event, `{sample: (n,)}`, the background first.
        name: The name of the score.
        threshold: Of a working point, drawn as a dashed line; at the edge of the figure if it lies beyond.
        weights: Weights of the events of a sample, `{sample: (n,)}`; events of other samples count one each.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = single_axes(width=3.5, height=2.7)
    edges, scale = _bins(np.concatenate(list(scores.values())))
    for (sample, color), values in zip(sample_colors(list(scores)).items(), scores.values(), strict=True):
        heavy = np.asarray((weights or {}).get(sample, np.ones(len(values))))
        heights, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges, weights=heavy)
        is_background = color == BACKGROUND_COLOR
        axes.stairs(
            heights / heavy.sum(),
            edges,
            label=sample,
            color=color,
            lw=0 if is_background else 1.5,
            fill=is_background,
            alpha=0.45 if is_background else 1,
        )
    if threshold is not None:
        axes.axvline(float(np.clip(threshold, edges[0], edges[-1])), color="black", ls="--", lw=1)
    axes.set(xscale=scale, yscale="log", xlabel=name, ylabel="Fraction of events", xlim=(edges[0], edges[-1]))
    legend_of_samples(figure, scores)
    return figure


def _bins(values: Float[np.ndarray, " n"]) -> tuple[Float[np.ndarray, " edges"], str]:
    low, high = np.quantile(values, [0.001, 0.999])
    if low > 0 and high > 100 * low:
        return np.geomspace(low, high, _N_BINS + 1), "log"
    return np.histogram_bin_edges([], _N_BINS, range=(low, high)), "linear"
