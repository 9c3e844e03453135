"""What several figures share: their size and the legend of samples."""

from collections.abc import Collection

from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["legend_of_samples", "single_axes"]


def single_axes(*, width: float = 4.4, height: float = 4.4) -> tuple[Figure, Axes]:
    """A figure with one pair of axes; width and height in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def legend_of_samples(figure: Figure, samples: Collection[str]) -> None:
    """Lists the samples above the axes, in as many columns as there is room for."""
    room = 10 * figure.get_figwidth()  # characters, the lines before the names included
    columns = int(room / (max(map(len, samples)) + 5))
    figure.legend(loc="outside upper center", ncols=max(1, min(columns, len(samples))))
