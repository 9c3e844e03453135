"""The part of the page on the observables that a detector sees."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from offshell.report.findings.observables import ObservableFindings
from offshell.report.section import Grid, Section

__all__ = ["observables_section"]


def observables_section(findings: ObservableFindings) -> Section:
    """Returns the section on observables by name.

    Args:
        findings: What a run found in observables.
    """
    return Section(
        "features",
        "Observables one by one",
        "How far the median of each sample lies from that of the background, in widths of the background (half of what holds its "
        "middle 68 %). An observable that moves by several widths finds the signal by itself; where none does, a detector "
        "has to combine them. If the detector reconstructs, the mean squared error says which observables it cannot explain.",
        [],
        grids=[
            _grid("Shift of the median in widths of the background", findings.names, findings.medians),
            *(
                [_grid("Mean squared error after scaling", findings.names, findings.errors)]
                if findings.errors
                else []
            ),
        ],
    )


def _grid(caption: str, names: Sequence[str], by_sample: Mapping[str, Float[np.ndarray, " names"]]) -> Grid:
    rows = [
        [name, *(f"{values[row]:.2f}" for values in by_sample.values())] for row, name in enumerate(names)
    ]
    return Grid(caption, ["Observable", *by_sample], rows)
