"""How a training went, epoch by epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from offshell.plots.axes import single_axes
from offshell.style import BACKGROUND_COLOR, SIGNAL_COLORS, styled

__all__ = ["learning_rate", "losses"]

_FEW_EPOCHS = 15


@styled
def losses(history: Mapping[str, Sequence[float]]) -> Figure:
    """Draws the loss of training and validation over the epochs; a dot marks the best epoch.

    Args:
        history: `"loss"` and `"val_loss"`, one number for each epoch.

    Returns:
        A figure with one pair of axes.
    """
    figure, axes = single_axes(height=3.1)
    for key, label, color in (
        ("loss", "training", SIGNAL_COLORS[2]),
        ("val_loss", "validation", SIGNAL_COLORS[0]),
    ):
        values = history[key]
        axes.plot(_epochs(values), values, color=color, label=label, marker=_marker(values))
    best = int(np.argmin(history["val_loss"]))
    axes.plot(best + 1, history["val_loss"][best], "o", color=SIGNAL_COLORS[0], ms=7, label="best epoch")
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
    figure, axes = single_axes(height=3.1)
    rates = history["learning_rate"]
    axes.step(_epochs(rates), rates, where="mid", color=BACKGROUND_COLOR, marker=_marker(rates))
    axes.set_yscale("log")
    _label_epochs(axes, "Learning rate")
    return figure


def _epochs(values: Sequence[float]) -> range:
    return range(1, len(values) + 1)


def _marker(values: Sequence[float]) -> str:
    return "." if len(values) < _FEW_EPOCHS else ""


def _label_epochs(axes: Axes, quantity: str) -> None:
    axes.set(xlabel="Epoch", ylabel=quantity)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_minor_locator(NullLocator())
