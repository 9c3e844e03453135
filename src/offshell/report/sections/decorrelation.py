"""The part of the page on what scores have to do with variables such as the mass."""

from collections.abc import Iterator, Mapping

from offshell.evaluate.decorrelation.dependence import RATE, Dependence, OnVariable
from offshell.report.section import Grid, Section

__all__ = ["decorrelation_section"]

_CUT = f"{100 * RATE:g} %"


def decorrelation_section(found: Mapping[str, Dependence]) -> Section:
    """Returns the section on whether a cut on a score changes the spectrum of a variable; empty if nothing was looked at.

    Args:
        found: By score, see `offshell.evaluate.decorrelation.dependence`.
    """
    return Section(
        "decorrelation",
        "What a cut does to a spectrum",
        f"Of background alone. A score that rises with a variable lets more pass where that is high: a cut that {_CUT} of the "
        "background pass then makes a bump where there is none. Given the variable, each event is ranked among background "
        "that is alike in it, from which the detector has not learned. Shares are those that pass in the first and the last "
        "fifth of the events by rising variable; p is that of a test of Kolmogorov and Smirnov between what passes and what "
        "fails: below 0.01 the cut sculpts the spectrum.",
        [],
        grids=[*_grids(found)],
    )


def _grids(found: Mapping[str, Dependence]) -> Iterator[Grid]:
    for name in next(iter(found.values()))["plain"] if found else ():
        half = ("rank correlation", f"pass {_CUT}: first, last fifth [%]", "p")
        columns = ["", *half, *(f"given {name}: {heading}" for heading in half)]
        rows = [
            [score, *_cells(of["plain"][name]), *_cells(of["decorrelated"][name])]
            for score, of in found.items()
        ]
        yield Grid(f"Scores and {name}", columns, rows)


def _cells(on: OnVariable) -> tuple[str, str, str]:
    correlation, cut = f"{on['correlation']:+.2f}", on["sculpting"]
    if cut is None:
        return correlation, "–", "–"
    first, *_, last = cut["shares"]
    return correlation, f"{100 * first:.2f}, {100 * last:.2f}", f"{cut['p_value']:.2g}"
