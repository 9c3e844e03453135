"""How much signal a score keeps for how much background."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from offshell.evaluate.separation.metrics import roc_curve
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.plots.axes import single_axes
from offshell.style import BACKGROUND_COLOR, SCORE_COLORS, styled

__all__ = ["roc"]

_TRIGGER_FPR = 1e-5


@styled
def roc(
    background: Mapping[str, Float[np.ndarray, " n"]],
    signal: Mapping[str, Float[np.ndarray, " m"]],
    *,
    names: Sequence[str],
    reference: str | None = None,
) -> Figure:
    """Draws the true over the false positive rate of some scores, both axes logarithmic.

    A dotted line marks the false positive rate 1e-5 (the budget of a level-1 trigger path), a gray band the rates
    that rest on fewer than ten background events.

    Args:
        background: The scores of the background events, `{score: (n,)}`.
        signal: The scores of the signal events, `{score: (m,)}`.
        names: The scores to draw, in the order of the legend.
        reference: One more score, drawn as a gray dashed line for comparison.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = single_axes()
    for i, name in enumerate(names):
        dashes = "-" if i < len(SCORE_COLORS) else "--"
        color = SCORE_COLORS[i % len(SCORE_COLORS)]
        axes.plot(*roc_curve(background[name], signal[name]), dashes, color=color, label=name)
    if reference is not None:
        points = roc_curve(background[reference], signal[reference])
        axes.plot(*points, color=BACKGROUND_COLOR, dashes=(4, 2), label=reference, zorder=1.5)
    axes.set(xscale="log", yscale="log", xlim=(5e-6, 1), ylim=(1e-4, 1.3))
    axes.set(xlabel="False positive rate (background kept)", ylabel="True positive rate (signal kept)")
    _mark_limits(axes, n_background=max(map(len, background.values())))
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def _mark_limits(axes: Axes, *, n_background: int) -> None:
    axes.plot(axes.get_xlim(), axes.get_xlim(), ":", color="#b0b4ba", lw=1)
    axes.axvline(_TRIGGER_FPR, color="black", ls=":", lw=1)
    axes.text(_TRIGGER_FPR * 1.15, 0.8, "$10^{-5}$", va="center", fontsize=8)
    axes.axvspan(
        axes.get_xlim()[0], FEWEST_BACKGROUND / n_background, color=BACKGROUND_COLOR, alpha=0.12, lw=0
    )
