"""Images of jets side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm
from matplotlib.figure import Figure

from offshell.style import styled

__all__ = ["image_grid"]

_DECADES_OF_PIXELS = 4


@styled
def image_grid(
    rows: Mapping[str, Float[np.ndarray, "columns height width 1"]], *, columns: Sequence[str] = ()
) -> Figure:
    """Draws images in labeled rows with one logarithmic color scale, four decades below the brightest pixel.

    Args:
        rows: `{label: images}`, the same number of images in each row.
        columns: The headings of the columns, if any.

    Returns:
        A figure with one pair of axes for each image and a color bar.
    """
    n_columns = max(map(len, rows.values()))
    tile = min(1.9, 8 / n_columns)
    size = (tile * n_columns + 0.9, tile * len(rows) + 0.25 * bool(columns))
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(rows), n_columns, squeeze=False)
    norm, cmap = _log_colors(rows)
    for row, (label, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(row, images, strict=False):
            axes.imshow(image[..., 0], norm=norm, cmap=cmap, interpolation="nearest", origin="lower")
        row[0].set_ylabel(label, loc="center", fontsize=9)
    for axes in grid.flat:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    for axes, heading in zip(grid[0], columns, strict=False):
        axes.set_title(heading)
    bar = figure.colorbar(ScalarMappable(norm, cmap), ax=grid, aspect=14 * len(rows), pad=0.015)
    bar.ax.tick_params(labelsize=8)
    return figure


def _log_colors(rows: Mapping[str, Float[np.ndarray, "columns height width 1"]]) -> tuple[LogNorm, Colormap]:
    brightest = max(float(images.max(initial=0)) for images in rows.values()) or 1.0
    cmap = colormaps["viridis"].with_extremes(bad=colormaps["viridis"](0), under=colormaps["viridis"](0))
    return LogNorm(brightest / 10**_DECADES_OF_PIXELS, brightest), cmap
