"""ROC curves of scores that are compared, in one figure for all signals."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from offshell.evaluate.separation.metrics import roc_curve
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.style import BACKGROUND_COLOR, SCORE_COLORS, styled

__all__ = ["roc_panels"]

_COLUMNS = 3


@styled
def roc_panels(candidates: Mapping[str, Mapping[str, Float[np.ndarray, " n"]]]) -> Figure:
    """Draws the true over the false positive rate of each candidate, a panel for each signal, all axes logarithmic.

    In the gray band fewer than ten background events decide.

    Args:
        candidates: Scores of the same events by candidate and sample, `{candidate: {sample: (n,)}}`, the background first.

    Returns:
        A figure with one pair of axes for each signal.
    """
    background, *signals = next(iter(candidates.values()))
    columns = min(_COLUMNS, len(signals))
    rows = -(-len(signals) // columns)
    figure = Figure(figsize=(3.6 * columns + 0.6, 3.4 * rows + 0.2 * len(candidates)), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flat
    for signal, axes in zip(signals, panels, strict=False):
        n_background = 0
        for i, (name, scores) in enumerate(candidates.items()):
            n_background = len(scores[background])
            color, dashes = SCORE_COLORS[i % len(SCORE_COLORS)], "-" if i < len(SCORE_COLORS) else "--"
            label = name if axes is figure.axes[0] else None
            axes.plot(*roc_curve(scores[background], scores[signal]), dashes, color=color, label=label)
        axes.set(xscale="log", yscale="log", title=signal, xlim=(0.5 / n_background, 1), ylim=(1e-4, 1.3))
        axes.axvspan(
            0.5 / n_background, FEWEST_BACKGROUND / n_background, color=BACKGROUND_COLOR, alpha=0.12, lw=0
        )
    for axes in figure.axes[len(signals) :]:
        axes.set_visible(False)
    figure.supxlabel("False positive rate (background kept)", fontsize=10)
    figure.supylabel("True positive rate (signal kept)", fontsize=10)
    figure.legend(loc="outside upper center", ncols=1)
    return figure
