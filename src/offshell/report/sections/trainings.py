"""The part of the page on what several trainings have in common."""

from collections.abc import Mapping
from statistics import mean

from offshell.evaluate.separation.differences import survival_cell
from offshell.evaluate.separation.tail_survival import Survival
from offshell.report.section import Grid, Section

__all__ = ["trainings_section"]

Pairs = Mapping[tuple[str, str], Mapping[str, Survival]]


def trainings_section(pairs: Pairs) -> Section:
    """Returns the section on how alike the trainings of an ensemble are; empty for a single training.

    Args:
        pairs: How much of the most anomalous background each two trainings share, by share of the background.
    """
    return Section(
        "trainings",
        "What trainings have in common",
        "Trainings that differ in their seed alone may rank most events alike and still disagree on the most anomalous ones. "
        "Each column looks at one share of the background: how many of the events that one training puts there does another "
        "put there, too? In brackets the 95 % interval; a star marks fewer than ten events.",
        [],
        grids=[_grid(pairs)] if pairs else [],
    )


def _grid(pairs: Pairs) -> Grid:
    shares = [
        share for share in next(iter(pairs.values())) if all(of[share].n_events for of in pairs.values())
    ]
    columns = [[_value(of[share]) for of in pairs.values()] for share in shares]
    rows = [
        [f"mean of {len(pairs)} pairs", *(f"{100 * mean(values):.0f}" for values in columns)],
        ["least alike", *(_extreme(pairs, share, sign=1) for share in shares)],
        ["most alike", *(_extreme(pairs, share, sign=-1) for share in shares)],
    ]
    title = "Share [%] of the most anomalous background that two trainings have in common"
    return Grid(title, ["", *(f"top {share}" for share in shares)], rows)


def _extreme(pairs: Pairs, share: str, *, sign: int) -> str:
    """The pair with the smallest value, or with the sign -1 the largest one."""
    (first, second), of = min(pairs.items(), key=lambda item: sign * _value(item[1][share]))
    return f"{survival_cell(of[share])} ({first} and {second})"


def _value(found: Survival) -> float:
    return found.value or 0.0
