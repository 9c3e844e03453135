"""Two samples side by side: how far means and medians lie apart, and whether the distributions are the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
from jaxtyping import Float
from rich.table import Table
from scipy.stats import ks_2samp

from offshell.datasets.mean_images import ImageDifference, image_difference
from offshell.datasets.observables import IN_GEV, Kind, Summary, kind_of, summary
from offshell.errors import InputError

__all__ = [
    "Comparison",
    "Difference",
    "Shift",
    "compare",
    "compare_summaries",
    "rich_comparison",
    "summaries",
]

ByName = Mapping[str, Float[np.ndarray, " n"]]

_FEWEST = 2  # for a standard deviation


class Shift(TypedDict):
    """A statistic of both samples; the difference is second minus first, the pull is the difference over its error."""

    first: float
    second: float
    difference: float
    error: float
    pull: float | None
    """None where both errors are zero."""


class Difference(TypedDict):
    """How two samples differ in one observable."""

    mean: Shift
    median: Shift
    ks_distance: float
    ks_p: float


class Comparison(TypedDict):
    """How two files differ."""

    kind: Kind
    n: tuple[int, int]
    observables: dict[str, Difference]
    image: NotRequired[ImageDifference]


def summaries(first: str | Path, second: str | Path) -> tuple[Summary, Summary]:
    """Returns what two files are compared by.

    Raises:
        InputError: If one holds jets and the other one events, or a file cannot be read or is empty.
    """
    kinds = kind_of(first), kind_of(second)
    if len(set(kinds)) > 1:
        raise InputError(
            "Cannot compare jets with events. Expected: two files of jets, or two files of events. "
            f"Received: {first} ({kinds[0]}) and {second} ({kinds[1]})."
        )
    return summary(first), summary(second)


def compare_summaries(first: Summary, second: Summary) -> Comparison:
    """Returns how two files of one kind differ in every observable, and jets in their mean image."""
    found: Comparison = {
        "kind": first.kind,
        "n": (first.n_events, second.n_events),
        "observables": compare(first.observables, second.observables),
    }
    if first.image and second.image:
        found["image"] = image_difference(first.image, second.image)
    return found


def compare(first: ByName, second: ByName) -> dict[str, Difference]:
    """Returns how two samples differ in each observable; their sizes may differ, and events count as independent.

    The error of a mean is the root of the summed variances over n. That of a median is half the distance between the
    order statistics n/2 +- sqrt(n)/2, which enclose it with 68 % (Thompson, Ann. Math. Stat. 7 (1936) 122). The
    p-value is that of the two-sample Kolmogorov-Smirnov test for large samples (Smirnov, Ann. Math. Stat. 19 (1948)
    279); with ties, as of whole numbers, it is larger than the truth.

    Args:
        first: Observables of one sample, `{name: (n,)}`.
        second: The same of the other one, `{name: (m,)}`.

    Raises:
        InputError: If the names differ, or an observable has fewer than two or non-finite numbers.

    Example:
        >>> x = np.array([1.0, 2.0, 3.0, 4.0])
        >>> compare({"x": x}, {"x": x + 1})["x"]["mean"]["difference"]
        1.0
    """
    if set(first) != set(second):
        raise InputError(
            f"Samples of different observables. Expected: {', '.join(first)}. Received: {', '.join(second)}."
        )
    return {name: _difference(_checked(first, name), _checked(second, name)) for name in first}


def rich_comparison(found: Comparison, *, names: tuple[str, str]) -> Table:
    """Returns the terminal table of a comparison.

    Args:
        found: What `compare_summaries` returns.
        names: What to call the two samples.
    """
    sizes = " against ".join(f"{n:,} of {name}" for n, name in zip(found["n"], names, strict=True))
    table = Table(title=f"{found['kind'].capitalize()}: {sizes}", box=None, title_justify="left")
    for column in ("observable", ""):
        table.add_column(column, no_wrap=True)
    for column in (*names, "difference", "pull", "KS p"):
        table.add_column(column, justify="right", no_wrap=column not in names, overflow="fold")
    for name, difference in found["observables"].items():
        unit = r" \[GeV]" if name in IN_GEV else ""
        table.add_row(f"{name}{unit}", "mean", *_cells(difference["mean"]), f"{difference['ks_p']:.2g}")
        table.add_row("", "median", *_cells(difference["median"]))
    if "image" in found:
        table.caption = _caption(found["image"])
    return table


def _cells(shift: Shift) -> tuple[str, str, str, str]:
    pull = "–" if shift["pull"] is None else f"{shift['pull']:+.1f}"
    difference = f"{shift['difference']:+.3g} ± {shift['error']:.2g}"
    return f"{shift['first']:.4g}", f"{shift['second']:.4g}", difference, pull


def _caption(image: ImageDifference) -> str:
    pull = "–" if image["mean_square_pull"] is None else f"{image['mean_square_pull']:.2f}"
    return (
        f"Mean images: mean square pull {pull} over {image['n_pixels']} bright pixels, "
        f"half the sum of differences {image['half_sum']:.3f}"
    )


def _difference(first: Float[np.ndarray, " n"], second: Float[np.ndarray, " m"]) -> Difference:
    test = ks_2samp(first, second, method="asymp")
    return {
        "mean": _shift(_mean(first), _mean(second)),
        "median": _shift(_median(first), _median(second)),
        "ks_distance": float(test.statistic),
        "ks_p": float(test.pvalue),
    }


def _mean(x: Float[np.ndarray, " n"]) -> tuple[float, float]:
    return float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))


def _median(x: Float[np.ndarray, " n"]) -> tuple[float, float]:
    low, high = np.quantile(x, np.clip(0.5 + np.array([-0.5, 0.5]) / np.sqrt(len(x)), 0, 1))
    return float(np.median(x)), float(high - low) / 2


def _shift(first: tuple[float, float], second: tuple[float, float]) -> Shift:
    difference, error = second[0] - first[0], float(np.hypot(first[1], second[1]))
    pull = difference / error if error > 0 else None
    return {"first": first[0], "second": second[0], "difference": difference, "error": error, "pull": pull}


def _checked(sample: ByName, name: str) -> Float[np.ndarray, " n"]:
    values = np.asarray(sample[name], float)
    if len(values) < _FEWEST or not np.isfinite(values).all():
        raise InputError(
            f"Cannot compare {name}. Expected: at least two finite numbers. Received: {len(values)} numbers, "
            f"{np.count_nonzero(~np.isfinite(values))} of them not finite."
        )
    return values
