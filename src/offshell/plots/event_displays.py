"""Figures of trigger events: what was measured, and which objects the detector cannot explain."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from offshell.inputs.objects import FEATURES, KINDS
from offshell.style import BACKGROUND_COLOR, SIGNAL_COLORS, styled

__all__ = ["displays", "errors_by_object"]

_KIND_COLORS = dict(zip(KINDS, (BACKGROUND_COLOR, *SIGNAL_COLORS), strict=False))
_AREA_PER_GEV = 1.2  # points squared
_LARGEST_AREA = 400.0
_LABELS = [
    f"{kind[:-1] if kind != 'met' else 'MET'} {i + 1}"
    for kind, rows in KINDS.items()
    for i in range(rows.stop - rows.start)
]


@styled
def displays(
    events: Mapping[str, Float[np.ndarray, "columns 19 4"]], *, titles: Mapping[str, Sequence[str]]
) -> Figure:
    """Draws events in the plane of pseudorapidity and azimuth, one row for each sample; areas grow with pT.

    Missing transverse momentum has no pseudorapidity: it is a dashed line at its azimuth.

    Args:
        events: `{sample: pt [GeV], eta, phi [radians], class of 19 objects}`, the same number for each sample.
        titles: What stands above each event, `{sample: one text for each event}`.

    Returns:
        A figure with one pair of axes for each event.
    """
    n_columns = max(map(len, events.values()))
    figure = Figure(figsize=(2.1 * n_columns, 2.0 * len(events) + 0.4), layout="constrained")
    grid = figure.subplots(len(events), n_columns, squeeze=False, sharex=True, sharey=True)
    for row, (sample, some) in zip(grid, events.items(), strict=True):
        row[0].set_ylabel(f"{sample}\n$\\phi$", loc="center", fontsize=9)
        for axes, event, title in zip(row, some, titles[sample], strict=False):
            _display(axes, event)
            axes.set_title(title, fontsize=8)
    for axes in grid[-1]:
        axes.set_xlabel(r"$\eta$", fontsize=9)
    figure.legend(handles=_kinds(), loc="outside upper center", ncols=len(KINDS))
    return figure


@styled
def errors_by_object(errors: Mapping[str, Float[np.ndarray, " 57"]]) -> Figure:
    """Draws the mean squared error of each feature of each object, one panel for each sample, one color scale.

    Args:
        errors: `{sample: (57,)}`, averages over events in the units of the scaled features.

    Returns:
        A figure with one pair of axes for each sample and a color bar.
    """
    figure = Figure(figsize=(1.7 * len(errors) + 1.6, 4.6), layout="constrained")
    grid = figure.subplots(1, len(errors), squeeze=False, sharey=True)[0]
    highest = max(float(error.max()) for error in errors.values())
    for axes, (sample, error) in zip(grid, errors.items(), strict=True):
        image = axes.imshow(
            error.reshape(-1, len(FEATURES)), vmin=0, vmax=highest, aspect="auto", cmap="viridis"
        )
        axes.set_title(sample)
        axes.set_xticks(range(len(FEATURES)), [r"$p_T$", r"$\eta$", r"$\phi$"])
        axes.tick_params(which="both", length=0)
        axes.minorticks_off()
    grid[0].set_yticks(range(len(_LABELS)), _LABELS, fontsize=7)
    figure.colorbar(image, ax=grid, label="mean squared error").ax.tick_params(labelsize=8)
    return figure


def _kinds() -> list[Line2D]:
    """What the legend shows for each kind of object."""
    dots = [
        Line2D([], [], color=color, ls="", marker="o", alpha=0.7, label=kind)
        for kind, color in _KIND_COLORS.items()
        if kind != "met"
    ]
    return [Line2D([], [], color=_KIND_COLORS["met"], ls="--", label="MET"), *dots]


def _display(axes: Axes, event: Float[np.ndarray, "19 4"]) -> None:
    """Jets first, because every lepton may be a jet as well and would be hidden."""
    for kind, rows in reversed(KINDS.items()):
        pt, eta, phi = event[rows, :3][event[rows, 0] > 0].T
        if kind == "met":
            for angle in phi:
                axes.axhline(angle, ls="--", lw=1, color=_KIND_COLORS[kind])
        else:
            areas = np.minimum(_AREA_PER_GEV * pt, _LARGEST_AREA)
            axes.scatter(eta, phi, s=areas, color=_KIND_COLORS[kind], alpha=0.7, lw=0)
    axes.set(xlim=(-5, 5), ylim=(-np.pi, np.pi))
