"""How figures look: the fonts of mplhep, small sizes for a page, and colors that everyone can tell apart."""

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import mplhep

__all__ = ["BACKGROUND_COLOR", "SCORE_COLORS", "SIGNAL_COLORS", "sample_colors", "styled"]

# Of the ten-color sequence of Petroff (arXiv:2107.02270), found by optimizing for color-vision deficiencies:
# the blue-gray is kept for the background, whatever is drawn.
BACKGROUND_COLOR = "#717581"
SIGNAL_COLORS = ("#e76300", "#832db6", "#3f90da", "#bd1f01", "#ffa90e", "#a96b59", "#92dadd", "#b9ac70")
SCORE_COLORS = ("#3f90da", "#bd1f01", "#ffa90e", "#832db6", "#e76300", "#a96b59", "#92dadd", "#b9ac70")

_SIZES: dict[Any, Any] = {
    "figure.figsize": (4.4, 3.7),
    "figure.dpi": 150,
    "figure.facecolor": "none",  # the page draws the card behind the figure
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.size": 10,
    # Named here and not looked up when the figure is saved, so that it looks the same wherever it is saved.
    "font.family": ["TeX Gyre Heros", "DejaVu Sans"],
    "mathtext.fontset": "stixsans",
    "axes.linewidth": 0.9,
    "axes.titlesize": 10,
    "legend.fontsize": 8,
    "xtick.major.size": 5,
    "ytick.major.size": 5,
    "xtick.minor.size": 2.5,
    "ytick.minor.size": 2.5,
    "xtick.major.pad": 4,
    "ytick.major.pad": 4,
    "lines.linewidth": 1.5,
    "svg.hashsalt": "offshell",  # the same findings give the same bytes
}

styled = mpl.rc_context(dict[Any, Any](mplhep.style.ROOT) | _SIZES)
"""Decorates a function that draws or saves a figure."""


def sample_colors(samples: Sequence[str]) -> dict[str, str]:
    """Returns one color for each sample.

    Args:
        samples: The names of the samples, the background first.

    Returns:
        `{sample: color}`; colors repeat after eight signals.
    """
    signals = (SIGNAL_COLORS[i % len(SIGNAL_COLORS)] for i in range(len(samples) - 1))
    return dict(zip(samples, [BACKGROUND_COLOR, *signals], strict=True))
