"""The figures of the report: data in, a matplotlib `Figure` out; nothing is shown or saved here."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from offshell.evaluate.separation.metrics import roc_curve
from offshell.evaluate.separation.ranking import FEWEST_BACKGROUND
from offshell.style import BACKGROUND_COLOR, SCORE_COLORS, sample_colors, styled

__all__ = ["distribution", "image_grid", "learning_rate", "losses", "roc", "scatter"]

_TRIGGER_FPR = 1e-5
_N_BINS = 50
_FEW_EPOCHS = 15
_DECADES_OF_PIXELS = 4


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
    figure, axes = _single()
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


@styled
def distribution(scores: Mapping[str, Float[np.ndarray, " n"]], *, name: str) -> Figure:
    """Draws how a score is distributed in each sample; the outermost bins hold all that lies beyond.

    Args:
        scores: One number for each event, `{sample: (n,)}`, the background first.
        name: The name of the score.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = _single(width=3.5, height=2.7)
    edges, scale = _bins(np.concatenate(list(scores.values())))
    for (sample, color), values in zip(sample_colors(list(scores)).items(), scores.values(), strict=True):
        heights, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
        is_background = color == BACKGROUND_COLOR
        axes.stairs(
            heights / len(values),
            edges,
            label=sample,
            color=color,
            lw=0 if is_background else 1.5,
            fill=is_background,
            alpha=0.45 if is_background else 1,
        )
    axes.set(xscale=scale, yscale="log", xlabel=name, ylabel="Fraction of events", xlim=(edges[0], edges[-1]))
    _legend_of_samples(figure, scores)
    return figure


@styled
def losses(history: Mapping[str, Sequence[float]]) -> Figure:
    """Draws the loss of training and validation over the epochs; a dot marks the best epoch.

    Args:
        history: `"loss"` and `"val_loss"`, one number for each epoch.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = _single(height=3.1)
    for key, label, color in (("loss", "training", "#3f90da"), ("val_loss", "validation", "#e76300")):
        values = history[key]
        axes.plot(_epochs(values), values, color=color, label=label, marker=_marker(values))
    best = int(np.argmin(history["val_loss"]))
    axes.plot(best + 1, history["val_loss"][best], "o", color="#e76300", ms=7, label="best epoch")
    _label_epochs(axes, "Loss")
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@styled
def learning_rate(history: Mapping[str, Sequence[float]]) -> Figure:
    """Draws the learning rate over the epochs.

    Args:
        history: `"learning_rate"`, one number for each epoch.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = _single(height=3.1)
    rates = history["learning_rate"]
    axes.step(_epochs(rates), rates, where="mid", color=BACKGROUND_COLOR, marker=_marker(rates))
    axes.set_yscale("log")
    _label_epochs(axes, "Learning rate")
    return figure


@styled
def scatter(points: Mapping[str, Float[np.ndarray, "n 2"]], *, labels: tuple[str, str]) -> Figure:
    """Draws points in the plane, colored by sample and in random order, so that no sample covers another.

    Args:
        points: Two coordinates for each event, `{sample: (n, 2)}`, the background first.
        labels: The names of the two coordinates.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = _single()
    colors = sample_colors(list(points))
    hue = np.concatenate([np.repeat(colors[sample], len(xy)) for sample, xy in points.items()])
    order = np.random.default_rng(0).permutation(len(hue))
    x, y = np.concatenate(list(points.values()))[order].T
    axes.scatter(x, y, c=hue[order], s=9, alpha=0.7, lw=0, rasterized=True)
    for sample, color in colors.items():
        axes.plot([], [], "o", color=color, label=sample)
    axes.set(xlabel=labels[0], ylabel=labels[1])
    _legend_of_samples(figure, points)
    return figure


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


def _single(*, width: float = 4.4, height: float = 4.4) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _legend_of_samples(figure: Figure, samples: Collection[str]) -> None:
    """Above the axes, in as many columns as there is room for."""
    room = 10 * figure.get_figwidth()  # characters, the lines before the names included
    columns = int(room / (max(map(len, samples)) + 5))
    figure.legend(loc="outside upper center", ncols=max(1, min(columns, len(samples))))


def _mark_limits(axes: Axes, *, n_background: int) -> None:
    axes.plot(axes.get_xlim(), axes.get_xlim(), ":", color="#b0b4ba", lw=1)
    axes.axvline(_TRIGGER_FPR, color="black", ls=":", lw=1)
    axes.text(_TRIGGER_FPR * 1.15, 0.8, "$10^{-5}$", va="center", fontsize=8)
    axes.axvspan(
        axes.get_xlim()[0], FEWEST_BACKGROUND / n_background, color=BACKGROUND_COLOR, alpha=0.12, lw=0
    )


def _bins(values: Float[np.ndarray, " n"]) -> tuple[Float[np.ndarray, " edges"], str]:
    low, high = np.quantile(values, [0.001, 0.999])
    if low > 0 and high > 100 * low:
        return np.geomspace(low, high, _N_BINS + 1), "log"
    return np.histogram_bin_edges([], _N_BINS, range=(low, high)), "linear"


def _epochs(values: Sequence[float]) -> range:
    return range(1, len(values) + 1)


def _marker(values: Sequence[float]) -> str:
    return "." if len(values) < _FEW_EPOCHS else ""


def _label_epochs(axes: Axes, quantity: str) -> None:
    axes.set(xlabel="Epoch", ylabel=quantity)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_minor_locator(NullLocator())


def _log_colors(rows: Mapping[str, Float[np.ndarray, "columns height width 1"]]) -> tuple[LogNorm, Colormap]:
    brightest = max(float(images.max(initial=0)) for images in rows.values()) or 1.0
    cmap = colormaps["viridis"].with_extremes(bad=colormaps["viridis"](0), under=colormaps["viridis"](0))
    return LogNorm(brightest / 10**_DECADES_OF_PIXELS, brightest), cmap
